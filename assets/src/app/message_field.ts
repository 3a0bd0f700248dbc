// The content of a room's message field: the draft, which may be a reply, or the edit of a message.

import { signal } from '@preact/signals';
import type { ChangeMemory } from '../model/change_memory';
import type { Draft } from '../model/drafts';
import type { Message } from '../model/message';
import { contentOf } from '../model/publication';
import { isChangeable, type Timeline } from '../model/timeline';
import type { HistoryLoader } from './history_loader';

export interface FieldRoom {
  readonly timeline: Timeline;
  readonly history: Pick<HistoryLoader, 'find'>;
  readonly position: { readonly epoch: string };
  /** Draws the room again at once, before the next key is pressed. */
  drawNow(): void;
}

export class MessageField {
  /** The message that is being edited. */
  editing: Message | undefined;
  /** Counts the actions that continue in the field, such as a reply or an edit, and so move the focus there. */
  focusCalls = 0;
  /** Counts the changes of the field's content: a key draws nothing else. */
  readonly version = signal(0);
  /** Not a part of the draft, which would come back as a new message. */
  private editText = '';
  /** The texts of edits that the user left for another one. */
  private readonly unfinished = new Map<Message['offset'], string>();

  /** @param user returns the user whose edits the browser stores */
  constructor(
    private readonly room: FieldRoom,
    private readonly draft: Draft,
    private readonly editMemory: ChangeMemory,
    private readonly user: () => string,
  ) {}

  get text(): string {
    return this.editing ? this.editText : this.draft.text;
  }

  /** The offset of the message to which the field's content replies. */
  get reply(): number | undefined {
    return this.editing ? undefined : this.draftReply;
  }

  /** The same of the draft, also during an edit. */
  get draftReply(): number | undefined {
    return this.draft.reply;
  }

  setText(text: string): void {
    if (this.editing) this.setEditing(this.editing, text);
    else this.draft.set({ text });
    this.version.value += 1;
  }

  /** Takes over a draft that another tab has changed. */
  follow(): void {
    this.draft.follow();
    this.version.value += 1;
  }

  /** Empties the field after its message was sent. */
  clear(): void {
    this.draft.set({ text: '', reply: undefined });
  }

  startReply({ offset }: Message): void {
    this.setEditing(undefined);
    this.draft.set({ reply: offset, epoch: this.room.position.epoch });
    this.callFocus();
  }

  startEditing(message: Message): void {
    if (!message.own || !isChangeable(message)) return;
    this.setEditing(message, this.unfinished.get(message.offset));
    this.callFocus();
  }

  /** Continues an edit that did not arrive. */
  resumeEdit(message: Message, text: string): void {
    this.unfinished.set(message.offset, text);
    this.startEditing(message);
  }

  /** Ends the edit, which brings the draft back, or else the reply. */
  cancel(): void {
    if (!this.editing) this.draft.set({ reply: undefined });
    this.endEditing();
    this.callFocus();
  }

  /** Appends a message to the draft. */
  append(text: string, reply?: number): void {
    const { draft } = this;
    draft.set({
      text: draft.text.trim() === '' ? text : `${draft.text}\n${text}`,
      reply: draft.reply ?? reply,
      epoch: this.room.position.epoch,
    });
  }

  /** Ends an edit and appends a message to the draft. */
  takeBack({ text, reply }: Message): void {
    this.setEditing(undefined);
    this.append(text, reply);
    this.callFocus();
  }

  /** A reply of another epoch has lost its message. */
  joined(epoch: string): void {
    if (this.draft.reply !== undefined && this.draft.epoch !== epoch) this.draft.set({ reply: undefined });
  }

  /** Ends an edit in a new epoch, where its offset belongs to another message. A changed text becomes a draft. */
  forgetOffsets(): void {
    const { editing, editText } = this;
    this.endEditing();
    if (editing && editText !== editing.text) this.append(editText);
  }

  /** Ends the edit of a message that was deleted meanwhile, unless the user has changed the text. */
  messageRevised(offset: number): void {
    const { editing } = this;
    const isUntouched = editing?.offset === offset && this.text === editing.text;
    if (isUntouched && this.room.timeline.message(offset)?.deleted) this.cancel();
  }

  /** Continues the edit that was open before the page was loaded again. */
  async restoreEdit(): Promise<void> {
    const { editMemory, room } = this;
    const [data] = editMemory.epoch() === room.position.epoch ? editMemory.changes() : [];
    const edit = contentOf(data);
    const isEditing = (): boolean => this.editing !== undefined; // called twice: an edit may start meanwhile
    if (edit.kind !== 'edit' || isEditing()) return;
    await room.history.find(edit.target);
    const message = room.timeline.message(edit.target);
    if (isEditing() || !message?.own || !isChangeable(message)) return;
    this.setEditing(message, edit.text);
    room.drawNow();
  }

  private setEditing(message: Message | undefined, text = message?.text ?? ''): void {
    const { editing } = this;
    if (editing && editing.offset !== message?.offset && this.editText !== editing.text)
      this.unfinished.set(editing.offset, this.editText);
    this.editing = message;
    this.editText = text;
    this.unfinished.delete(message?.offset);
    const edits = message ? [{ edit: message.offset, text }] : [];
    this.editMemory.keep(this.room.position.epoch, this.user(), edits);
  }

  /** Ends the edit and discards its text. */
  private endEditing(): void {
    this.editText = this.editing?.text ?? '';
    this.setEditing(undefined);
  }

  private callFocus(): void {
    this.focusCalls += 1;
    this.room.drawNow();
  }
}
