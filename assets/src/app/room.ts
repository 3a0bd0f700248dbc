// One open room: what is known of it, and what the reader does there. The pure parts are in model/; this brings them
// together with the line.

import { signal, type ReadonlySignal } from '@preact/signals';
import { isChangeable, Timeline } from '../model/timeline';
import { ActMemory } from '../model/act_memory';
import { Draft } from '../model/drafts';
import { Members } from '../model/members';
import type { Message } from '../model/message';
import { newId } from '../model/new_id';
import { Outbox } from '../model/outbox';
import { contentOf, personOf, type Author, type Publication } from '../model/publication';
import { Typists, TypingThrottle } from '../model/typing';
import { Unread } from '../model/unread';
import { MAX_PAGE_SIZE, PAGE_SIZE, RoomLine, type Joined, type RoomListener } from '../net/room_line';
import type { Excess } from '../text/limit';
import { Acts, type Act } from './acts';
import { Comings } from './comings';
import { Delivery } from './delivery';
import { History, LOAD_AGAIN_MS } from './history';
import { onceAFrame } from './once_a_frame';
import type { RoomHost, RoomState } from './room_host';

export type { RoomHost, RoomState };

const MAX_ENTRIES = 10_000;

export class Room implements RoomListener {
  readonly timeline: Timeline;
  readonly members = new Members();
  readonly typists = new Typists();
  readonly unread = new Unread();
  readonly line: RoomLine;
  readonly history: History;
  readonly acts: Acts;
  state: RoomState = { kind: 'joining' };
  /** As the server has said it. */
  readonly mayPublish = signal(true);
  /** More was missed than could be sent; a word stands above the conversation until it is there, or is taken away. */
  wasNotRecovered = false;
  editing: Message | undefined;
  /** Grows with each action of the reader that continues in the message field, such as an answer or an edit. */
  callsToField = 0;

  /** Counts up with what is in the field: nothing else is drawn again for a key. */
  readonly fieldVersion = signal(0);

  private readonly written: Draft;
  /** What is being edited is no draft: it would come back as a new message. */
  private editText = '';
  private readonly editMemory: ActMemory;
  /** What was being edited when the reader went on to something else. */
  private readonly unfinished = new Map<Message['offset'], string>();
  private readonly throttle = new TypingThrottle();
  private readonly delivery: Delivery;
  private readonly comings: Comings;
  private here = { epoch: '', offset: 0 };
  private isCatchingUp = false;
  private readonly changedSignal = signal(0);
  /** What comes is drawn with the next frame. */
  readonly changed = onceAFrame(() => this.tell());

  constructor(
    readonly name: string,
    private readonly host: RoomHost,
  ) {
    const outbox = new Outbox(host.outboxes.waiting(name), (waiting) => host.outboxes.keep(name, waiting));
    this.timeline = new Timeline((author) => host.isOwn(author), outbox);
    this.timeline.onRevised = (offset) => this.revised(offset);
    this.written = new Draft(name, host.drafts);
    this.line = new RoomLine(host.client, name, this);
    this.history = new History(this.line, this.timeline, () => {
      if (this.unread.hasMore) this.countUnread();
      if (!this.timeline.hasHole) this.wasNotRecovered = false;
      this.changed();
    });
    this.acts = new Acts(this, () => host.self(), new ActMemory(host.store, 'acts', host.tab, name));
    this.editMemory = new ActMemory(host.store, 'edit', host.tab, name);
    this.delivery = new Delivery(this, () => host.self());
    this.comings = new Comings(this.timeline, () => this.changed());
    this.line.enter();
  }

  /** Counts up with every change: what reads it is drawn again. */
  get version(): ReadonlySignal<number> {
    return this.changedSignal;
  }

  /** Where the room was when it was entered the last time. */
  get position(): { readonly epoch: string; readonly offset: number } {
    return this.here;
  }

  /** What is in the field. */
  get draft(): string {
    return this.editing ? this.editText : this.written.text;
  }

  /** What the draft answers. */
  get reply(): number | undefined {
    return this.editing ? undefined : this.written.reply;
  }

  joined({ epoch, offset, recovered, mayPublish }: Joined): void {
    this.state = { kind: 'in' };
    this.mayPublish.value = mayPublish;
    if (this.written.reply !== undefined && this.written.epoch !== epoch) this.written.set({ reply: undefined });
    this.isCatchingUp = true;
    const { newest = this.history.hasNewest ? this.here.offset : undefined } = this.timeline;
    const isOther = this.here.epoch !== '' && epoch !== this.here.epoch;
    const isContinued = newest === undefined || recovered || offset === newest;
    this.here = { epoch, offset };
    this.delivery.hold();
    if (this.acts.entered(epoch)) this.host.gaveUp(this);
    this.comings.forget();
    if (isOther || !isContinued) {
      // Before anything is heard: nothing of what comes now may be taken for what was there.
      if (isOther) this.forgetNumbers();
      this.wasNotRecovered = !isOther;
      this.history.restart();
      this.timeline.restart(!isOther, Date.now());
    }
    const position = this.host.memory.position(this.name); // another tab may have read on
    if (position?.epoch === epoch) this.unread.last = Math.max(position.offset, this.unread.last ?? 0);
    void this.loadMembers();
    // What was missed is told right after this, if it was recovered.
    if (this.history.hasNewest) setTimeout(() => this.caughtUp());
    else void this.loadNewest();
    this.changed();
  }

  publication(publication: Publication): void {
    const message = this.timeline.add(publication);
    this.typists.stopped(publication.author);
    if (message) this.arrived(message);
    this.changed();
  }

  entered(author: Author): void {
    const known = this.members.nameOf(personOf(author));
    const isNew = this.members.joined(author);
    if (!this.host.isOwn(author)) {
      if (isNew) this.comings.entered(author);
      else this.comings.cameAgain(author, known);
    }
    this.changed();
  }

  left(author: Author): void {
    this.typists.stopped(author);
    if (this.members.left(author) && !this.host.isOwn(author)) this.comings.left(author);
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

  /** Of the page. */
  lineEnded(code: number): boolean {
    return this.delivery.lineEnded(code);
  }

  /** What is too much of a text to be said here. */
  excess(text: string): Excess | undefined {
    return this.host.excess(text, this.name);
  }

  say(text: string): void {
    this.delivery.send(text.toWellFormed(), this.written.reply, newId(), Date.now());
    this.throttle.reset();
    this.read();
    this.unread.clearLine();
    this.written.set({ text: '', reply: undefined });
    this.host.spoke();
    this.tell();
  }

  sendAgain({ id }: Message): void {
    if (id !== undefined) this.delivery.sendAgain(id);
    this.changed();
  }

  /** The browser keeps what a closed tab has left here. */
  restore(): void {
    const { outbox } = this.timeline;
    outbox.restore(this.host.outboxes.waiting(this.name).filter(({ author, id }) => !this.timeline.hasHeard(author, id)));
    if (this.acts.restore()) this.host.gaveUp(this);
    if (this.draft === '') void this.editOnAfterReload(); // else somebody writes here
    this.changed();
  }

  discard({ id }: Message): void {
    if (id !== undefined) this.timeline.outbox.remove(id);
    this.changed();
  }

  /** What waits, or has failed, is written on: at the end of what is being written. */
  takeBack(message: Message): void {
    this.setEditing(undefined);
    this.discard(message);
    this.append(message.text, message.reply);
    this.callToField();
  }

  setDraft(text: string): void {
    if (this.editing) this.setEditing(this.editing, text);
    else this.written.set({ text });
    this.fieldVersion.value += 1;
  }

  /** Another tab may have written on. */
  followDraft(): void {
    this.written.follow();
    this.fieldVersion.value += 1;
  }

  typed(): void {
    if (!this.editing && this.throttle.typed(Date.now())) this.line.type();
  }

  startReply({ offset }: Message): void {
    this.setEditing(undefined);
    this.written.set({ reply: offset, epoch: this.here.epoch });
    this.callToField();
  }

  startEditing(message: Message): void {
    if (!message.own || !isChangeable(message)) return;
    this.setEditing(message, this.unfinished.get(message.offset));
    this.callToField();
  }

  /** An edit that did not arrive is written on, as soon as nothing else is edited. */
  editOn(act: Act): void {
    const message = this.timeline.message(act.change.target);
    if (act.change.kind !== 'edit' || !message || this.editing) return;
    this.acts.discard(act);
    this.unfinished.set(message.offset, act.change.text);
    this.startEditing(message);
  }

  /** The draft from before is there again; or it answers nothing any more. */
  stopEditing(): void {
    if (!this.editing) this.written.set({ reply: undefined });
    this.endEditing();
    this.callToField();
  }

  /** The reader has the end before the eyes. */
  read(): void {
    if (!this.history.hasNewest) return; // that is not the end
    this.unread.read(this.timeline.newest);
    this.reachedEnd();
    this.changed();
  }

  /** Another tab of the reader may have read on. */
  followPosition(): void {
    const position = this.host.memory.position(this.name);
    if (position?.epoch !== this.here.epoch || position.offset <= (this.unread.last ?? 0)) return;
    this.unread.readTo(position.offset);
    this.countUnread();
    if (!this.host.sees(this)) this.unread.clearLine();
    this.changed();
  }

  dismissNotice(): void {
    this.wasNotRecovered = false;
    this.changed();
  }

  leave(): void {
    this.comings.forget();
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

  /** At once: what the reader does is seen before the next key is pressed. */
  private tell(): void {
    this.changedSignal.value += 1;
  }

  private revised(offset: number): void {
    const { editing } = this;
    const isUntouched = editing?.offset === offset && this.draft === editing.text;
    // What somebody has begun to write stays.
    if (isUntouched && this.timeline.message(offset)?.deleted) this.stopEditing();
    this.host.revised(this, offset);
  }

  private arrived(message: Message): void {
    if (message.own) return;
    // Where something is unread, what is on the screen is not the end, or was not drawn yet.
    const seen = this.history.hasNewest && !this.isCatchingUp && this.unread.count === 0 && this.host.sees(this);
    this.unread.arrived(message.offset, this.host.calls(message, this), seen);
    if (seen) this.reachedEnd();
    this.host.arrived(this, message, seen);
  }

  /** As much as there is to catch up with, if that is not too much; and it goes on until it is there. */
  private async loadNewest(): Promise<void> {
    const { epoch, offset } = this.here;
    const missed = offset - (this.unread.last ?? offset);
    const isThere = await this.history.loadNewest(epoch, Math.min(MAX_PAGE_SIZE, Math.max(PAGE_SIZE, missed + 1)));
    if (isThere) {
      this.countUnread();
      if (this.written.reply !== undefined) void this.history.find(this.written.reply);
      void this.editOnAfterReload();
    } else
      setTimeout(() => {
        if (this.line.isIn && !this.history.hasNewest) void this.loadNewest();
      }, LOAD_AGAIN_MS);
    this.caughtUp();
  }

  /** In another epoch the numbers are those of other messages. */
  private forgetNumbers(): void {
    this.unread.beginAnew();
    this.timeline.outbox.forgetReplies();
    const { editing, editText } = this;
    this.endEditing();
    if (editing && editText !== editing.text) this.append(editText); // there is nothing to be edited any more
  }

  private setEditing(message: Message | undefined, text = message?.text ?? ''): void {
    const { editing } = this;
    if (editing && editing.offset !== message?.offset) {
      if (this.editText !== editing.text) this.unfinished.set(editing.offset, this.editText);
    }
    this.editing = message;
    this.editText = text;
    this.unfinished.delete(message?.offset);
    this.editMemory.keep(this.here.epoch, this.host.self().user, message ? [{ edit: message.offset, text }] : []);
  }

  private endEditing(): void {
    this.editText = this.editing?.text ?? '';
    this.setEditing(undefined);
  }

  /** What was being edited before the page was loaded again. */
  private async editOnAfterReload(): Promise<void> {
    const [data] = this.editMemory.epoch() === this.here.epoch ? this.editMemory.acts() : [];
    const edit = contentOf(data);
    const isEditing = (): boolean => this.editing !== undefined; // asked twice: it may begin meanwhile
    if (edit.kind !== 'edit' || isEditing()) return;
    await this.history.find(edit.target);
    const message = this.timeline.message(edit.target);
    if (isEditing() || !message?.own || !isChangeable(message)) return;
    this.setEditing(message, edit.text);
    this.tell();
  }

  /** Behind what is being written. */
  private append(text: string, reply?: number): void {
    const { written } = this;
    written.set({
      text: written.text.trim() === '' ? text : `${written.text}\n${text}`,
      reply: written.reply ?? reply,
      epoch: this.here.epoch,
    });
  }

  private callToField(): void {
    this.callsToField += 1;
    this.tell();
  }

  private countUnread(): void {
    this.unread.recount(this.timeline, this.history.hasOlder, (message) => this.host.calls(message, this));
  }

  /** What is far above the reader is forgotten: a page that is open for weeks has to stay as quick as it was. */
  private reachedEnd(): void {
    this.timeline.keepNewest(MAX_ENTRIES);
    const { newest } = this.timeline;
    if (newest !== undefined && this.here.epoch !== '')
      this.host.memory.keepPosition(this.name, { epoch: this.here.epoch, offset: newest });
  }

  private caughtUp(): void {
    this.isCatchingUp = false;
    this.delivery.resume();
    this.acts.resume();
    this.changed();
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
