// The SDK, and the one thing that it leaves out: when a publication was made. The server says it (docs/protocol.md),
// and without it older messages would have no time.

import {
  Centrifuge,
  type ClientInfo,
  type Options,
  type PublicationContext,
  type TransportEndpoint,
} from 'centrifuge';
import { isRecord, type Author, type Publication } from '../model/publication';
import { cleanName } from '../text/names';

export type TimedPublication = PublicationContext & { readonly time?: number };

interface Inside {
  _getPublicationContext(channel: string, publication: { time?: number }): TimedPublication;
}

/** The SDK sends commands that come together as one message, which may be longer than the server takes. */
export function oneByOne(Socket: typeof WebSocket): typeof WebSocket {
  return class extends Socket {
    override send(lines: string): void {
      for (const line of lines.split('\n')) super.send(line);
    }
  };
}

/** @param transports tried in turns until one of them has connected; the client sees what is added later */
export function makeClient(transports: TransportEndpoint[], options: Partial<Options>): Centrifuge {
  const client = new Centrifuge(transports, options);
  // Not part of the SDK's interface, so a test looks that it still works.
  const inside = client as unknown as Inside;
  const original = inside._getPublicationContext.bind(client);
  inside._getPublicationContext = (channel, publication) =>
    Object.assign(original(channel, publication), publication.time === undefined ? {} : { time: publication.time });
  return client;
}

export function authorOf(info: ClientInfo | undefined): Author {
  const { user = '', client = '' } = info ?? {};
  const said: unknown = info?.connInfo;
  const name = isRecord(said) && typeof said.name === 'string' ? cleanName(said.name) : '';
  return { user, client, name: name || cleanName(user) };
}

export function publicationOf(context: TimedPublication, now: number): Publication {
  return {
    offset: context.offset,
    time: context.time ?? now,
    author: authorOf(context.info),
    data: context.data as unknown,
  };
}
