// The subscription of one room by the SDK, and of the channel that announces typing members there.

import type { Centrifuge, PublicationContext, Subscription } from 'centrifuge';
import { isRecord, type ClientInfo, type Publication } from '../model/publication';
import { clientInfoOf, publicationOf } from './sdk';

export interface Subscribed {
  /** The epoch of the room's history; empty if the room has no history. */
  readonly epoch: string;
  /** The offset of the newest publication. */
  readonly offset: number;
  /** All publications that were missed follow at once, before any other event. */
  readonly recovered: boolean;
  readonly mayPublish: boolean;
}

export interface RoomListener {
  subscribed(result: Subscribed): void;
  published(publication: Publication): void;
  memberJoined(member: ClientInfo): void;
  memberLeft(member: ClientInfo): void;
  memberTyping(member: ClientInfo): void;
  /** The server has rejected or ended the subscription. */
  rejected(code: number): void;
}

/** Publications per request of the history: the default and the maximum. */
export const PAGE_SIZE = 60;
export const MAX_PAGE_SIZE = 300;

export class RoomSubscription {
  private readonly room: Subscription;
  private readonly typing: Subscription;

  constructor(
    private readonly client: Centrifuge,
    readonly name: string,
    listener: RoomListener,
  ) {
    this.room = client.newSubscription(name, { positioned: true, recoverable: true, joinLeave: true });
    this.typing = client.newSubscription(`typing:${name}`);
    this.room.on('subscribed', (context) =>
      listener.subscribed({
        epoch: context.streamPosition?.epoch ?? '',
        offset: context.streamPosition?.offset ?? 0,
        recovered: context.recovered,
        mayPublish: !(isRecord(context.data) && context.data.publish === false),
      }),
    );
    this.room.on('publication', (context) => listener.published(publicationOf(context, Date.now())));
    this.room.on('join', ({ info }) => listener.memberJoined(clientInfoOf(info)));
    this.room.on('leave', ({ info }) => listener.memberLeft(clientInfoOf(info)));
    this.room.on('unsubscribed', ({ code }) => {
      if (code !== 0) listener.rejected(code);
    });
    this.typing.on('publication', (context: PublicationContext) => listener.memberTyping(clientInfoOf(context.info)));
  }

  subscribe(): void {
    this.room.subscribe();
  }

  /** Unsubscribes, and reports no further event. */
  dispose(): void {
    for (const subscription of [this.room, this.typing]) {
      subscription.removeAllListeners();
      this.client.removeSubscription(subscription);
    }
  }

  /** Subscribes to the typing members, which only the room on the screen needs. */
  followTyping(wanted: boolean): void {
    if (wanted) this.typing.subscribe();
    else this.typing.unsubscribe();
  }

  get isSubscribed(): boolean {
    return this.room.state === 'subscribed';
  }

  /** Rejects with the server's error, which has a `code`. */
  async publish(data: unknown): Promise<void> {
    await this.room.publish(data);
  }

  /** Announces that the user is typing. Errors are ignored. */
  publishTyping(): void {
    if (this.typing.state === 'subscribed') this.typing.publish({ typing: true }).catch(() => undefined);
  }

  /** Returns a page of the history, oldest first: the newest page, or the page before a position. */
  async history(before?: { offset: number; epoch: string }, limit = PAGE_SIZE): Promise<Publication[]> {
    const result = await this.room.history({ limit, reverse: true, ...(before && { since: before }) });
    const now = Date.now();
    return result.publications.map((context) => publicationOf(context, now)).reverse();
  }

  async presence(): Promise<ClientInfo[]> {
    const { clients } = await this.room.presence();
    return Object.values(clients).map(clientInfoOf);
  }

  async connectionCount(): Promise<number> {
    return (await this.room.presenceStats()).numClients;
  }
}

/** Returns the code of a server error, and 0 for errors of the SDK, such as a lost connection. */
export function errorCode(error: unknown): number {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : 0;
  return typeof code === 'number' && code >= 100 ? code : 0;
}
