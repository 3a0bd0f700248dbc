// The SDK, extended by the time of a publication, which the server sends (docs/protocol.md) and the SDK discards.

import {
  Centrifuge,
  type ClientInfo as SdkClientInfo,
  type Options,
  type PublicationContext,
  type TransportEndpoint,
} from 'centrifuge';
import { isRecord, type ClientInfo, type Publication } from '../model/publication';
import { cleanName } from '../text/names';

export type TimedPublication = PublicationContext & { readonly time?: number };

interface SdkInternals {
  _getPublicationContext(channel: string, publication: { time?: number }): TimedPublication;
}

/** Sends each command as a message of its own. The SDK joins commands, and the result may exceed the message size. */
export function oneByOne(Socket: typeof WebSocket): typeof WebSocket {
  return class extends Socket {
    override send(lines: string): void {
      for (const line of lines.split('\n')) super.send(line);
    }
  };
}

/** @param transports tried in turn until one connects; the client also uses transports that are added later */
export function makeClient(transports: TransportEndpoint[], options: Partial<Options>): Centrifuge {
  const client = new Centrifuge(transports, options);
  // Not a part of the SDK's interface; a test checks that it still works.
  const internals = client as unknown as SdkInternals;
  const original = internals._getPublicationContext.bind(client);
  internals._getPublicationContext = (channel, publication) =>
    Object.assign(original(channel, publication), publication.time === undefined ? {} : { time: publication.time });
  return client;
}

export function clientInfoOf(info: SdkClientInfo | undefined): ClientInfo {
  const { user = '', client = '' } = info ?? {};
  const connInfo: unknown = info?.connInfo;
  const name = isRecord(connInfo) && typeof connInfo.name === 'string' ? cleanName(connInfo.name) : '';
  return { user, client, name: name || cleanName(user) };
}

export function publicationOf(context: TimedPublication, now: number): Publication {
  return {
    offset: context.offset,
    time: context.time ?? now,
    author: clientInfoOf(context.info),
    data: context.data as unknown,
  };
}
