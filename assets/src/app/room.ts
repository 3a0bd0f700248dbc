// One open room: what is known of it, and what the reader does there. The pure parts are in model/; this brings them
// together with the line.

import { signal, type ReadonlySignal } from '@preact/signals';
import type { Centrifuge } from 'centrifuge';
import { isChangeable, Timeline, type Draft } from '../model/timeline';
import { Members } from '../model/members';
import { PENDING, type Message } from '../model/message';
import { newId } from '../model/new_id';
import { personOf, type Author, type Change, type Publication } from '../model/publication';
import type { RoomMemory } from '../model/room_memory';
import { Typists, TypingThrottle } from '../model/typing';
import { Unread } from '../model/unread';
import { errorCode, RoomLine, type Joined, type RoomListener } from '../net/room_line';

export type RoomState =
  | { readonly kind: 'joining' }
  | { readonly kind: 'in' }
  /** `code` is the server's error. */
  | { readonly kind: 'closed'; readonly code: number };

export interface RoomHost {
  readonly client: Centrifuge;
  readonly memory: RoomMemory;
  /** Who the reader is, in a message that has not come back yet. */
  self(): Author;
  isOwn(author: Author): boolean;
  /** Whether the reader has the room's end before the eyes. */
  sees(room: Room): boolean;
  isMention(text: string, room: Room): boolean;
  arrived(room: Room, message: Message, seen: boolean): void;
}

/** The room keeps nothing. */
const NO_HISTORY = 108;
/** After a page of the history that did not come. */
const LOAD_AGAIN_MS = 5_000;
/** The line was lost in the middle: whether it arrived is not known yet. */
const UNKNOWN_OUTCOME = 0;

export class Room implements RoomListener {
  readonly timeline: Timeline;
  readonly members = new Members();
  readonly typists = new Typists();
  readonly unread = new Unread();
  readonly line: RoomLine;
  state: RoomState = { kind: 'joining' };
  /** Older messages may be in the history. */
  hasOlder = false;
  isLoading = false;
  /** More was missed than could be sent; a word stands above the conversation until it is taken away. */
  wasNotRecovered = false;
  draft: string;
  replyTo: Message | undefined;
  editing: Message | undefined;

  private readonly throttle = new TypingThrottle();
  private readonly inFlight = new Set<string>();
  private epoch = '';
  /** The newest page of the history is there, and all that came after it. */
  private hasHistory = false;
  private isCatchingUp = false;
  private readonly changedSignal = signal(0);
  private isTelling = false;
  private mayLoadAt = 0;

  constructor(
    readonly name: string,
    private readonly host: RoomHost,
  ) {
    this.timeline = new Timeline((author) => host.isOwn(author));
    this.draft = host.memory.draft(name);
    this.line = new RoomLine(host.client, name, this);
    this.line.enter();
  }

  /** Counts up with every change: what reads it is drawn again. */
  get version(): ReadonlySignal<number> {
    return this.changedSignal;
  }

  joined({ epoch, offset, recovered }: Joined): void {
    this.state = { kind: 'in' };
    this.isCatchingUp = true;
    const isOther = this.epoch !== '' && epoch !== this.epoch;
    const isUpToDate = recovered || offset === (this.timeline.newest ?? 0);
    this.epoch = epoch;
    let last = this.lastRead();
    if (isOther || (this.hasHistory && !isUpToDate)) {
      // Before anything is heard: nothing of what comes now may be taken for what was there.
      if (isOther) this.unread.forget();
      else last = this.timeline.newest;
      this.wasNotRecovered = !isOther;
      this.hasHistory = false;
      this.timeline.restart(!isOther, Date.now());
    }
    void this.loadMembers();
    // What was missed is told right after this, if it was recovered.
    if (this.hasHistory) setTimeout(() => this.caughtUp());
    else void this.loadNewest(last);
    this.changed();
  }

  publication(publication: Publication): void {
    const message = this.timeline.add(publication);
    this.typists.stopped(publication.author);
    if (message) this.arrived(message);
    this.changed();
  }

  entered(author: Author): void {
    if (this.members.joined(author) && !this.host.isOwn(author)) this.timeline.move('enter', author, Date.now());
    this.changed();
  }

  left(author: Author): void {
    this.typists.stopped(author);
    if (this.members.left(author) && !this.host.isOwn(author)) this.timeline.move('leave', author, Date.now());
    this.changed();
  }

  typing(author: Author): void {
    if (this.host.isOwn(author)) return;
    this.typists.heard(author, Date.now());
    this.changed();
  }

  closed(code: number): void {
    this.state = { kind: 'closed', code };
    this.changed();
  }

  /** A person wants to try it again. */
  enterAgain(): void {
    this.state = { kind: 'joining' };
    this.line.enter();
    this.changed();
  }

  say(text: string): void {
    const draft: Draft = { id: newId(), text, reply: this.replyTo?.offset };
    this.timeline.send(draft, this.host.self(), Date.now());
    this.replyTo = undefined;
    this.throttle.reset();
    this.unread.read(this.timeline.newest);
    this.unread.clearLine();
    this.setDraft('');
    this.deliver(draft);
    this.changed();
  }

  /** Answers whether the server took it. */
  async change(change: Change, id?: string): Promise<boolean> {
    const { target } = change;
    const data =
      change.kind === 'edit'
        ? { edit: target, text: change.text, id: id ?? newId() }
        : change.kind === 'delete'
          ? { delete: target }
          : { react: target, emoji: change.emoji, on: change.on };
    try {
      await this.line.publish(data);
      return true;
    } catch {
      return false;
    }
  }

  /** Takes a reaction back if the reader has made it. */
  react(message: Message, emoji: string): Promise<boolean> {
    if (message.offset === undefined) return Promise.resolve(false);
    const self = personOf(this.host.self());
    const mine = message.reactions.get(emoji)?.some(({ person }) => person === self) ?? false;
    return this.change({ kind: 'react', target: message.offset, emoji, on: !mine });
  }

  sendAgain(message: Message): void {
    if (message.id === undefined) return;
    this.timeline.delivery(message.id, PENDING);
    this.deliver({ id: message.id, text: message.text, reply: message.reply });
    this.changed();
  }

  discard(message: Message): void {
    if (message.id !== undefined) this.timeline.giveUp(message.id);
    this.changed();
  }

  setDraft(text: string): void {
    this.draft = text;
    // What is being edited is no draft: it would come back as a new message.
    if (!this.editing) this.host.memory.keepDraft(this.name, text);
  }

  typed(): void {
    if (!this.editing && this.throttle.typed(Date.now())) this.line.type();
  }

  startReply(message: Message): void {
    if (this.editing) this.draft = this.host.memory.draft(this.name);
    this.editing = undefined;
    this.replyTo = message;
    this.tell();
  }

  startEditing(message: Message): void {
    if (!message.own || !isChangeable(message)) return;
    this.replyTo = undefined;
    this.editing = message;
    this.draft = message.text;
    this.tell();
  }

  /** The draft from before is there again. */
  stopEditing(): void {
    if (this.editing) this.draft = this.host.memory.draft(this.name);
    this.editing = undefined;
    this.replyTo = undefined;
    this.tell();
  }

  /** The reader has the end before the eyes. */
  read(): void {
    this.unread.read(this.timeline.newest);
    this.keepPosition();
    this.changed();
  }

  dismissNotice(): void {
    this.wasNotRecovered = false;
    this.changed();
  }

  /** One more page of the history; the answer is whether there was one. */
  async loadOlder(): Promise<boolean> {
    const { oldest } = this.timeline;
    if (this.isLoading || !this.hasOlder || oldest === undefined || !this.line.isIn || Date.now() < this.mayLoadAt)
      return false;
    const before = { offset: oldest, epoch: this.epoch };
    const page = await this.page(before);
    if (!page) this.mayLoadAt = Date.now() + LOAD_AGAIN_MS;
    if (!page || before.epoch !== this.epoch) return false;
    this.timeline.addHistory(page);
    this.hasOlder = page.length > 0 && (this.timeline.oldest ?? 1) > 1;
    this.changed();
    return page.length > 0;
  }

  /** Reads back until the message is there; false if the history does not have it. */
  async find(offset: number): Promise<boolean> {
    while (!this.timeline.message(offset)) {
      if (offset >= (this.timeline.oldest ?? 0) || !(await this.loadOlder())) return false;
    }
    return true;
  }

  leave(): void {
    this.line.leave();
  }

  /** A list of members that has missed somebody is made right: large rooms do not tell who comes and goes. */
  async check(): Promise<void> {
    if (!this.line.isIn) return;
    try {
      if ((await this.line.connections()) !== this.members.connections) await this.loadMembers();
    } catch {
      // No presence here.
    }
  }

  /** How often it is asked whether the list of members is still right. */
  static readonly CHECK_EVERY_MS = 60_000;

  /** What is drawn is drawn once a frame, however much has come; a page in the background draws no frames. */
  changed(): void {
    if (this.isTelling) return;
    this.isTelling = true;
    const tell = (): void => {
      this.isTelling = false;
      this.tell();
    };
    if (document.hidden) setTimeout(tell, 100);
    else requestAnimationFrame(tell);
  }

  /** At once: what the reader does is seen before the next key is pressed. */
  private tell(): void {
    this.changedSignal.value += 1;
  }

  private arrived(message: Message): void {
    if (message.own) return;
    const seen = !this.isCatchingUp && this.host.sees(this);
    this.unread.arrived(message.offset, this.host.isMention(message.text, this), seen);
    if (seen) this.keepPosition();
    this.host.arrived(this, message, seen);
  }

  private async loadNewest(last: number | undefined): Promise<void> {
    const page = await this.page();
    if (page) {
      this.hasHistory = true;
      this.timeline.addHistory(page);
      this.hasOlder = (this.timeline.oldest ?? 1) > 1;
      this.countUnread(page, last);
    }
    this.caughtUp();
  }

  /** After the history of a visit: what came since the last one is unread. */
  private countUnread(page: readonly Publication[], last: number | undefined): void {
    if (last === undefined) return;
    for (const { offset } of page) {
      const message = offset === undefined || offset <= last ? undefined : this.timeline.message(offset);
      if (!message || message.own || message.deleted) continue;
      this.unread.arrived(offset, this.host.isMention(message.text, this), false);
    }
  }

  private lastRead(): number | undefined {
    const position = this.host.memory.position(this.name);
    return position?.epoch === this.epoch ? position.offset : undefined;
  }

  private keepPosition(): void {
    const { newest } = this.timeline;
    if (newest !== undefined && this.epoch !== '')
      this.host.memory.keepPosition(this.name, { epoch: this.epoch, offset: newest });
  }

  private caughtUp(): void {
    this.isCatchingUp = false;
    if (this.host.sees(this)) this.read();
    // Only now is it known which of them had arrived before the line was lost.
    for (const message of this.timeline.pending()) {
      if (message.delivery.kind === 'pending' && message.id !== undefined) {
        this.deliver({ id: message.id, text: message.text, reply: message.reply });
      }
    }
    this.changed();
  }

  private deliver({ id, text, reply }: Draft): void {
    if (!this.line.isIn || this.isCatchingUp || this.inFlight.has(id)) return; // when the room is back
    this.inFlight.add(id);
    this.line.publish(reply === undefined ? { text, id } : { text, id, reply }).then(
      () => this.inFlight.delete(id),
      (error: unknown) => {
        this.inFlight.delete(id);
        const code = errorCode(error);
        if (code !== UNKNOWN_OUTCOME || this.line.isIn) this.timeline.delivery(id, { kind: 'failed', code });
        this.changed();
      },
    );
  }

  private async page(before?: { offset: number; epoch: string }): Promise<Publication[] | undefined> {
    this.isLoading = true;
    this.changed();
    try {
      return await this.line.history(before);
    } catch (error) {
      // Where the line is lost it is asked for again when the room is back.
      return errorCode(error) === NO_HISTORY ? [] : undefined;
    } finally {
      this.isLoading = false;
      this.changed();
    }
  }

  private async loadMembers(): Promise<void> {
    try {
      this.members.reset(await this.line.present());
      this.changed();
    } catch {
      // No presence here.
    }
  }
}
