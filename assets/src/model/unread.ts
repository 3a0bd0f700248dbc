// How much of a room its reader has not seen, and where that begins.

import type { Message } from './message';
import type { Timeline } from './timeline';

export class Unread {
  count = 0;
  /** How many of them name the reader, or answer them. */
  mentions = 0;
  /** The first unread message: a line stands above it, and stays while the reader reads on. */
  from: number | undefined;
  /** The last message that was seen. Undefined at the first visit: then nothing was missed. */
  last: number | undefined;
  /** More than `count`: older ones are not loaded yet. */
  hasMore = false;
  /** Those of another epoch, which can't be counted again. */
  private earlier = { count: 0, mentions: 0 };

  /** @param seen whether the reader has it before the eyes */
  arrived(offset: number | undefined, calls: boolean, seen: boolean): void {
    if (seen) this.last = offset;
    if (seen || (offset ?? Infinity) <= (this.last ?? 0)) return;
    if (this.count === 0) this.from = offset;
    if (offset !== undefined) this.last ??= offset - 1;
    this.count += 1;
    if (calls) this.mentions += 1;
  }

  /** A part of the history has come: what is in it, and behind the last that was seen, is unread. */
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

  /** The reader has seen all of it. */
  read(newest: number | undefined): void {
    this.count = 0;
    this.mentions = 0;
    this.hasMore = false;
    this.earlier = { count: 0, mentions: 0 };
    this.last = newest ?? this.last;
  }

  /** In another tab: what is behind it is to be counted again. */
  readTo(offset: number): void {
    this.earlier = { count: 0, mentions: 0 };
    this.last = offset;
  }

  /** The reader goes away, or answers: the line has done its work. */
  clearLine(): void {
    if (this.count === 0) this.from = undefined;
  }

  /** The numbers of another epoch mean nothing here, and all of this one is new. */
  startEpoch(): void {
    this.earlier = { count: this.count, mentions: this.mentions };
    this.from = undefined;
    this.last = 0;
  }
}
