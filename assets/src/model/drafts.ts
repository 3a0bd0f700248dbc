// The drafts of messages. All tabs show the same draft, but a tab in which the user has typed keeps its text until
// another tab has continued or sent it.

import { isRecord } from './publication';
import { isCount, readRecord, textOf, write, type Store } from './storage';

export interface Written {
  readonly text: string;
  /** The offset of the message to which the draft replies, in this epoch of the room. */
  readonly reply?: number | undefined;
  readonly epoch?: string | undefined;
}

export const DRAFTS = 'coroom.drafts';
/** Longer drafts would make the field slow. */
const MAX_DRAFT = 1_000_000;
const NOTHING: Written = { text: '' };

/** Stores the drafts of all tabs, and those of this tab. */
export class DraftMemory {
  constructor(
    private readonly all: Store,
    private readonly tab: Store,
  ) {}

  shared(room: string): Written {
    return writtenOf(readRecord(this.all, DRAFTS)[room]);
  }

  own(room: string): Written {
    return writtenOf(readRecord(this.tab, DRAFTS)[room]);
  }

  share(room: string, draft: Written): void {
    keep(this.all, room, draft);
  }

  keepOwn(room: string, draft: Written): void {
    keep(this.tab, room, draft);
  }
}

/** The draft of one room in one tab. */
export class Draft {
  private now: Written;
  private isTyped: boolean;
  /** The draft of all tabs, as this tab has read it last. */
  private known: Written;

  constructor(
    private readonly room: string,
    private readonly memory: DraftMemory,
  ) {
    const own = memory.own(room);
    this.known = memory.shared(room);
    this.isTyped = !isNothing(own);
    this.now = this.isTyped ? own : this.known;
  }

  get text(): string {
    return this.now.text;
  }

  get reply(): number | undefined {
    return this.now.reply;
  }

  get epoch(): string | undefined {
    return this.now.epoch;
  }

  /** Changes the draft in this tab. */
  set(some: Partial<Written>): void {
    const before = this.now;
    this.now = { ...before, ...some };
    this.isTyped = !isNothing(this.now);
    this.memory.keepOwn(this.room, this.now);
    // A draft that another tab has started meanwhile stays.
    const isAnothers = !this.isTyped && !isSame(this.memory.shared(this.room), before);
    this.known = isAnothers ? this.memory.shared(this.room) : this.now;
    if (!isAnothers) this.memory.share(this.room, this.now);
  }

  /** Takes over a change of another tab. */
  follow(): void {
    const { known } = this;
    const shared = (this.known = this.memory.shared(this.room));
    if (isSame(shared, this.now)) return;
    const isGone = isNothing(shared) && isSame(known, this.now);
    const isWrittenOn = shared.text.startsWith(this.now.text) && this.now.text !== '';
    if (!this.isTyped || isGone || isWrittenOn) {
      this.now = shared;
      this.isTyped = false;
      this.memory.keepOwn(this.room, NOTHING);
    } else if (isNothing(shared)) {
      this.memory.share(this.room, this.now);
      this.known = this.now;
    }
  }
}

function isNothing({ text, reply }: Written): boolean {
  return text === '' && reply === undefined;
}

function isSame(one: Written, other: Written): boolean {
  return one.text === other.text && one.reply === other.reply;
}

/** Reads the drafts again, because other tabs may have changed those of other rooms. */
function keep(store: Store, room: string, draft: Written): void {
  const { [room]: _old, ...others } = readRecord(store, DRAFTS);
  const { text, reply } = draft;
  write(store, DRAFTS, isNothing(draft) ? others : { ...others, [room]: reply === undefined ? text : draft });
}

function writtenOf(value: unknown): Written {
  if (!isRecord(value)) return { text: textOf(value, MAX_DRAFT) };
  const text = textOf(value.text, MAX_DRAFT);
  return isCount(value.reply) ? { text, reply: value.reply, epoch: textOf(value.epoch, MAX_DRAFT) } : { text };
}
