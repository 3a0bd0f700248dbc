// An open room: its state, and the user's actions there. The parts without a connection are in model/.

import { signal, type ReadonlySignal } from '@preact/signals';
import { ChangeMemory } from '../model/change_memory';
import { Draft } from '../model/drafts';
import { Members } from '../model/members';
import type { Message } from '../model/message';
import { newId } from '../model/new_id';
import { Outbox } from '../model/outbox';
import { personOf, type ClientInfo, type Publication } from '../model/publication';
import type { ReadPosition } from '../model/room_memory';
import type { RoomState } from '../model/room_state';
import { Timeline } from '../model/timeline';
import { TypingMembers, TypingThrottle } from '../model/typing';
import { Unread } from '../model/unread';
import {
  MAX_PAGE_SIZE,
  PAGE_SIZE,
  type RoomListener,
  type RoomSubscription,
  type Subscribed,
} from '../net/room_subscription';
import type { Excess } from '../text/limit';
import { HistoryLoader, RETRY_AFTER_MS } from './history_loader';
import { JoinLeaveLog } from './join_leave_log';
import { MessageField } from './message_field';
import { oncePerFrame } from './once_per_frame';
import { OutboxSender } from './outbox_sender';
import { PendingChanges, type PendingChange } from './pending_changes';
import type { RoomHost, RoomView } from './room_host';

const MAX_ENTRIES = 10_000;

export class Room implements RoomView, RoomListener {
  readonly timeline: Timeline;
  readonly members = new Members();
  readonly typing = new TypingMembers();
  readonly unread = new Unread();
  readonly subscription: RoomSubscription;
  readonly history: HistoryLoader;
  readonly pendingChanges: PendingChanges;
  readonly field: MessageField;
  state: RoomState = { kind: 'joining' };
  readonly mayPublish = signal(true);
  /** The server could not recover all missed publications. A notice stays until they are loaded or the user closes it. */
  wasNotRecovered = false;

  private readonly throttle = new TypingThrottle();
  private readonly sender: OutboxSender;
  private readonly joinLeaveLog: JoinLeaveLog;
  private joinedAt: ReadPosition = { epoch: '', offset: 0 };
  private isCatchingUp = false;
  private readonly versionSignal = signal(0);
  /** Draws the room again with the next frame. */
  readonly changed = oncePerFrame(() => this.drawNow());

  constructor(
    readonly name: string,
    private readonly host: RoomHost,
  ) {
    const { drafts, outboxes, shared, tab } = host.stores;
    const self = (): ClientInfo => host.self();
    const outbox = new Outbox(outboxes.waiting(name), (waiting) => outboxes.keep(name, waiting));
    this.timeline = new Timeline((client) => host.isOwn(client), outbox);
    this.timeline.onRevised = (offset) => {
      this.field.messageRevised(offset);
      host.messageRevised(offset, name);
    };
    this.subscription = host.subscription(name, this);
    this.history = new HistoryLoader(this.subscription, this.timeline, () => {
      if (this.unread.hasMore) this.countUnread();
      if (!this.timeline.hasHole) this.wasNotRecovered = false;
      this.changed();
    });
    this.pendingChanges = new PendingChanges(this, self, new ChangeMemory(shared, 'acts', tab, name));
    const editMemory = new ChangeMemory(shared, 'edit', tab, name);
    this.field = new MessageField(this, new Draft(name, drafts), editMemory, () => self().user);
    this.sender = new OutboxSender(this, self);
    this.joinLeaveLog = new JoinLeaveLog(this.timeline, () => this.changed());
    this.subscription.subscribe();
  }

  /** Counts the changes: views that read it are drawn again. */
  get version(): ReadonlySignal<number> {
    return this.versionSignal;
  }

  get position(): ReadPosition {
    return this.joinedAt;
  }

  /** Leaves the room. */
  dispose(): void {
    this.joinLeaveLog.reset();
    this.subscription.dispose();
  }

  subscribed({ epoch, offset, recovered, mayPublish }: Subscribed): void {
    this.state = { kind: 'joined' };
    this.mayPublish.value = mayPublish;
    this.field.joined(epoch);
    this.isCatchingUp = true;
    const newest = this.timeline.newest ?? (this.history.hasNewest ? this.joinedAt.offset : undefined);
    const isNewEpoch = this.joinedAt.epoch !== '' && epoch !== this.joinedAt.epoch;
    const isContinued = newest === undefined || recovered || offset === newest;
    this.joinedAt = { epoch, offset };
    this.sender.hold();
    if (this.pendingChanges.joined(epoch)) this.host.changesLost(this.name);
    this.joinLeaveLog.reset();
    if (isNewEpoch || !isContinued) {
      // Before the first publication of the new part arrives, which must not be mixed with the old one.
      if (isNewEpoch) this.forgetOffsets();
      this.wasNotRecovered = !isNewEpoch;
      this.history.restart();
      this.timeline.restart(!isNewEpoch, Date.now());
    }
    const read = this.host.stores.rooms.position(this.name); // another tab may have read more
    if (read?.epoch === epoch) this.unread.last = Math.max(read.offset, this.unread.last ?? 0);
    void this.loadMembers();
    // Recovered publications arrive right after this.
    if (this.history.hasNewest) setTimeout(() => this.caughtUp());
    else void this.loadNewest();
    this.changed();
  }

  published(publication: Publication): void {
    const message = this.timeline.add(publication);
    this.typing.stopped(publication.author);
    if (message) this.messageArrived(message);
    this.changed();
  }

  memberJoined(member: ClientInfo): void {
    const known = this.members.nameOf(personOf(member));
    const isNew = this.members.joined(member);
    if (!this.host.isOwn(member)) {
      if (isNew) this.joinLeaveLog.joined(member);
      else this.joinLeaveLog.joinedAgain(member, known);
    }
    this.changed();
  }

  memberLeft(member: ClientInfo): void {
    this.typing.stopped(member);
    if (this.members.left(member) && !this.host.isOwn(member)) this.joinLeaveLog.left(member);
    this.changed();
  }

  memberTyping(member: ClientInfo): void {
    if (this.host.isOwn(member)) return;
    this.typing.typed(member, Date.now());
    this.changed();
  }

  rejected(code: number): void {
    this.state = { kind: 'closed', code };
    this.changed();
  }

  /** Joins again on the user's request. */
  joinAgain(): void {
    this.state = { kind: 'joining' };
    this.subscription.subscribe();
    this.changed();
  }

  /** The page's connection has ended. Returns whether it ended because of a message, which is not sent again. */
  connectionEnded(code: number): boolean {
    return this.sender.connectionEnded(code);
  }

  excess(text: string): Excess | undefined {
    return this.host.excess(text, this.name);
  }

  send(text: string): void {
    this.sender.send(text.toWellFormed(), this.field.reply, newId(), Date.now());
    this.throttle.reset();
    this.read();
    this.unread.clearLine();
    this.field.clear();
    this.host.messageSent();
    this.drawNow();
  }

  sendAgain({ id }: Message): void {
    if (id !== undefined) this.sender.sendAgain(id);
    this.changed();
  }

  discard({ id }: Message): void {
    if (id !== undefined) this.timeline.outbox.remove(id);
    this.changed();
  }

  /** Moves a message that has not arrived into the message field. */
  takeBack(message: Message): void {
    this.discard(message);
    this.field.takeBack(message);
  }

  /** Continues an edit that did not arrive in the message field. */
  takeBackEdit(pending: PendingChange): void {
    const message = this.timeline.message(pending.change.target);
    if (pending.change.kind !== 'edit' || !message || this.field.editing) return;
    this.pendingChanges.discard(pending);
    this.field.resumeEdit(message, pending.change.text);
  }

  /** Shows the messages and changes that were taken over from a closed tab. */
  restore(): void {
    const { outbox } = this.timeline;
    const waiting = this.host.stores.outboxes.waiting(this.name);
    outbox.restore(waiting.filter(({ author, id }) => !this.timeline.hasSeen(author, id)));
    if (this.pendingChanges.restore()) this.host.changesLost(this.name);
    if (this.field.text === '') void this.field.restoreEdit(); // else the user is writing
    this.changed();
  }

  typed(): void {
    if (!this.field.editing && this.throttle.typed(Date.now())) this.subscription.publishTyping();
  }

  /** The end of the conversation is on the screen. */
  read(): void {
    if (!this.history.hasNewest) return; // it is not the end yet
    this.unread.read(this.timeline.newest);
    this.reachedEnd();
    this.changed();
  }

  /** Takes over the position up to which another tab has read. */
  followPosition(): void {
    const position = this.host.stores.rooms.position(this.name);
    if (position?.epoch !== this.joinedAt.epoch || position.offset <= (this.unread.last ?? 0)) return;
    this.unread.readTo(position.offset);
    this.countUnread();
    if (!this.host.sees(this.name)) this.unread.clearLine();
    this.changed();
  }

  dismissNotice(): void {
    this.wasNotRecovered = false;
    this.changed();
  }

  /** Loads the members again if their number is wrong: large rooms do not announce each join and leave. */
  async checkMembers(): Promise<void> {
    if (!this.subscription.isSubscribed) return;
    try {
      if ((await this.subscription.connectionCount()) !== this.members.connections) await this.loadMembers();
    } catch {
      // The room has no presence.
    }
  }

  drawNow(): void {
    this.versionSignal.value += 1;
  }

  private messageArrived(message: Message): void {
    if (message.own) return;
    // While messages are unread, the screen does not show the end, or does not show it yet.
    const seen =
      this.history.hasNewest && !this.isCatchingUp && this.unread.count === 0 && this.host.sees(this.name);
    this.unread.arrived(message.offset, this.host.isForUser(message, this), seen);
    if (seen) this.reachedEnd();
    this.host.messageArrived(message, this, seen);
  }

  /** Loads the unread messages, up to the largest page, and tries again until they are there. */
  private async loadNewest(): Promise<void> {
    const { epoch, offset } = this.joinedAt;
    const missed = offset - (this.unread.last ?? offset);
    const isLoaded = await this.history.loadNewest(epoch, Math.min(MAX_PAGE_SIZE, Math.max(PAGE_SIZE, missed + 1)));
    if (isLoaded) {
      this.countUnread();
      const { draftReply: reply } = this.field;
      if (reply !== undefined) void this.history.find(reply);
      void this.field.restoreEdit();
    } else
      setTimeout(() => {
        if (this.subscription.isSubscribed && !this.history.hasNewest) void this.loadNewest();
      }, RETRY_AFTER_MS);
    this.caughtUp();
  }

  /** In a new epoch the offsets belong to other messages. */
  private forgetOffsets(): void {
    this.unread.startEpoch();
    this.timeline.outbox.forgetReplies();
    this.field.forgetOffsets();
  }

  private countUnread(): void {
    this.unread.recount(this.timeline, this.history.hasOlder, (message) => this.host.isForUser(message, this));
  }

  /** Forgets the oldest messages, so that a page stays fast that is open for weeks. */
  private reachedEnd(): void {
    this.timeline.keepNewest(MAX_ENTRIES);
    const { epoch } = this.joinedAt;
    const { newest } = this.timeline;
    if (newest !== undefined && epoch !== '')
      this.host.stores.rooms.keepPosition(this.name, { epoch, offset: newest });
  }

  private caughtUp(): void {
    this.isCatchingUp = false;
    this.sender.resume();
    this.pendingChanges.resume();
    this.changed();
  }

  private async loadMembers(): Promise<void> {
    try {
      this.members.reset(await this.subscription.presence());
      this.changed();
    } catch {
      // The room has no presence.
    }
  }
}
