// One room over the SDK: what is heard there, and what is asked.

import type { Centrifuge, PublicationContext, Subscription } from 'centrifuge';
import { isRecord, type Author, type Publication } from '../model/publication';
import { authorOf, publicationOf } from './sdk';

export interface Joined {
  /** Names one life of the room's history; empty where it has none. */
  readonly epoch: string;
  /** The offset of the newest publication. */
  readonly offset: number;
  /** Coming back after a loss of the line; all that was missed follows at once, before anything else. */
  readonly recovered: boolean;
  readonly mayPublish: boolean;
}

export interface RoomListener {
  joined(how: Joined): void;
  publication(publication: Publication): void;
  entered(author: Author): void;
  left(author: Author): void;
  typing(author: Author): void;
  /** The server does not let the reader in, or has sent it away. */
  closed(code: number): void;
}

/** How much of the history is asked for at once, as a rule, and at most. */
export const PAGE_SIZE = 60;
export const MAX_PAGE_SIZE = 300;

export class RoomLine {
  private readonly room: Subscription;
  private readonly typists: Subscription;

  constructor(
    private readonly client: Centrifuge,
    readonly name: string,
    listener: RoomListener,
  ) {
    this.room = client.newSubscription(name, { positioned: true, recoverable: true, joinLeave: true });
    this.typists = client.newSubscription(`typing:${name}`);
    this.room.on('subscribed', (context) =>
      listener.joined({
        epoch: context.streamPosition?.epoch ?? '',
        offset: context.streamPosition?.offset ?? 0,
        recovered: context.recovered,
        mayPublish: !(isRecord(context.data) && context.data.publish === false),
      }),
    );
    this.room.on('publication', (context) => listener.publication(publicationOf(context, Date.now())));
    this.room.on('join', ({ info }) => listener.entered(authorOf(info)));
    this.room.on('leave', ({ info }) => listener.left(authorOf(info)));
    this.room.on('unsubscribed', ({ code }) => {
      if (code !== 0) listener.closed(code);
    });
    this.typists.on('publication', (context: PublicationContext) => listener.typing(authorOf(context.info)));
  }

  enter(): void {
    this.room.subscribe();
  }

  leave(): void {
    for (const subscription of [this.room, this.typists]) {
      subscription.removeAllListeners();
      this.client.removeSubscription(subscription);
    }
  }

  /** Only who looks at a room hears who types there. */
  hearTyping(wanted: boolean): void {
    if (wanted) this.typists.subscribe();
    else this.typists.unsubscribe();
  }

  get isIn(): boolean {
    return this.room.state === 'subscribed';
  }

  /** Rejects with the server's error, which has a `code`. */
  async publish(data: unknown): Promise<void> {
    await this.room.publish(data);
  }

  /** Nobody needs to know whether it arrived. */
  type(): void {
    if (this.typists.state === 'subscribed') this.typists.publish({ typing: true }).catch(() => undefined);
  }

  /** A page of the history, oldest first: the newest one, or the one before an offset. */
  async history(before?: { offset: number; epoch: string }, limit = PAGE_SIZE): Promise<Publication[]> {
    const result = await this.room.history({ limit, reverse: true, ...(before && { since: before }) });
    const now = Date.now();
    return result.publications.map((context) => publicationOf(context, now)).reverse();
  }

  async present(): Promise<Author[]> {
    const { clients } = await this.room.presence();
    return Object.values(clients).map(authorOf);
  }

  async connections(): Promise<number> {
    return (await this.room.presenceStats()).numClients;
  }
}

/** The number of the server's error; 0 for what the SDK found itself, such as a line that is lost. */
export function errorCode(error: unknown): number {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : 0;
  return typeof code === 'number' && code >= 100 ? code : 0;
}
