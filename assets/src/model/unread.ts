// The number of unread messages of a room, and where they start.

import type { Message } from './message';
import type { Timeline } from './timeline';

export class Unread {
  count = 0;
  /** How many of them mention the user or reply to the user. */
  mentions = 0;
  /** The first unread message. The line above it stays while the user reads on. */
  from: number | undefined;
  /** The last message that was read. Undefined at the first visit, when nothing was missed. */
  last: number | undefined;
  /** Older messages, which are not loaded yet, are unread too. */
  hasMore = false;
  /** The unread messages of the previous epoch, which can't be counted again. */
  private earlier = { count: 0, mentions: 0 };

  /** @param seen the message is on the screen */
  arrived(offset: number | undefined, calls: boolean, seen: boolean): void {
    if (seen) this.last = offset;
    if (seen || (offset ?? Infinity) <= (this.last ?? 0)) return;
    if (this.count === 0) this.from = offset;
    if (offset !== undefined) this.last ??= offset - 1;
    this.count += 1;
    if (calls) this.mentions += 1;
  }

  /** Counts the messages after the last one that was read, after a page of the history was loaded. */
  recount(timeline: Timeline, hasOlder: boolean, calls: (message: Message) => boolean): void {
    const { oldest, newest } = timeline;
    if (oldest === undefined) return;
    const last = (this.last ??= newest ?? 0);
    let first: number | undefined;
    ({ count: this.count, mentions: this.mentions } = this.earlier);
    for (const entry of timeline.entries()) {
      if (entry.kind !== 'say') continue;
      const { offset = 0, own, deleted } = entry.message;
      if (offset <= last || own || deleted) continue;
      first ??= offset;
      this.count += 1;
      if (calls(entry.message)) this.mentions += 1;
    }
    this.from = first ?? this.from;
    this.hasMore = first !== undefined && hasOlder && oldest > last + 1;
  }

  /** The user has read all messages. */
  read(newest: number | undefined): void {
    this.count = 0;
    this.mentions = 0;
    this.hasMore = false;
    this.earlier = { count: 0, mentions: 0 };
    this.last = newest ?? this.last;
  }

  /** The user has read up to this offset in another tab; a new count must follow. */
  readTo(offset: number): void {
    this.earlier = { count: 0, mentions: 0 };
    this.last = offset;
  }

  /** Removes the line when the user leaves or replies. */
  clearLine(): void {
    if (this.count === 0) this.from = undefined;
  }

  /** Starts at the first message of a new epoch, where offsets belong to other messages. */
  startEpoch(): void {
    this.earlier = { count: this.count, mentions: this.mentions };
    this.from = undefined;
    this.last = 0;
  }
}
