// Where a message is written. A draft leaves the field only when it is on its way: what is too long or
// has no line to go on stays, with a note that says why.

import { byId } from './element';
import type { Language } from './i18n';
import { MAX_MESSAGE_BYTES, excessiveSize } from './message_limit';

/** What a key press says while an input method still composes, in browsers that have no isComposing then. */
const KEY_CODE_COMPOSING = 229;

export class Composer {
  private readonly form = byId('composer', HTMLFormElement);
  private readonly field = byId('msg', HTMLTextAreaElement);
  private readonly button = byId('send', HTMLButtonElement);
  private readonly note = byId('note', HTMLElement);
  private connected = false;

  /** @param send false if the text could not be sent, and must not be lost */
  constructor(
    private readonly language: Language,
    private readonly send: (text: string) => boolean,
  ) {
    const texts = language.texts;
    byId('msg-label', HTMLElement).textContent = texts.draft;
    byId('send-label', HTMLElement).textContent = texts.send;
    byId('hint', HTMLElement).textContent = texts.hint;
    this.field.placeholder = texts.placeholder;
    this.field.addEventListener('input', () => this.changed());
    this.field.addEventListener('keydown', (event) => this.pressed(event));
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    this.changed(); // a browser may bring a draft back when it reloads the page
  }

  setConnected(connected: boolean): void {
    if (connected === this.connected) return; // a note about the lost line outlives the tries to get it back
    this.connected = connected;
    this.changed();
  }

  /** On a phone this would open the keyboard over the conversation, so it is left to the reader there. */
  focusIfKeyboard(): void {
    if (window.matchMedia('(hover: hover)').matches) this.field.focus({ preventScroll: true });
  }

  private pressed(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey) return;
    // Enter here takes what the input method offers. Safari ends the composition before it tells of the key.
    if (event.isComposing || event.keyCode === KEY_CODE_COMPOSING) return;
    event.preventDefault();
    this.submit();
  }

  private submit(): void {
    const draft = this.field.value;
    if (draft.trim() === '' || excessiveSize(draft) !== undefined) return;
    if (!this.send(draft)) {
      this.say(this.language.texts.offlineDraft);
      return;
    }
    this.field.value = '';
    this.changed();
    this.field.focus({ preventScroll: true });
  }

  private changed(): void {
    const draft = this.field.value;
    const excess = excessiveSize(draft);
    this.button.disabled = !this.connected || draft.trim() === '' || excess !== undefined;
    this.field.setAttribute('aria-invalid', String(excess !== undefined));
    if (excess === undefined) this.say('');
    else this.say(this.language.texts.tooLong(this.language.size(excess), this.language.size(MAX_MESSAGE_BYTES)));
    this.fit();
  }

  /** As tall as the draft, up to the limit that the style sets. */
  private fit(): void {
    this.field.style.height = 'auto';
    this.field.style.height = `${this.field.scrollHeight}px`;
  }

  private say(note: string): void {
    if (this.note.textContent !== note) this.note.textContent = note;
  }
}
