// Short texts of the page for the user: toasts, the notice bar, a text to be copied by hand, announcements.

import { signal } from '@preact/signals';
import { Announcements } from './announcements';
import { copyText } from './clipboard';

/** A sentence in a bar above the conversation, with an optional action. The user closes it. */
export interface Notice {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const TOAST_MS = 2_500;

export class Notices {
  readonly toast = signal('');
  readonly bar = signal<Notice | undefined>(undefined);
  /** A text that the browser does not copy, shown so that the user can copy it. */
  readonly toCopy = signal('');
  readonly announcements = new Announcements();

  /** Shows a text for a short time. */
  showToast(text: string): void {
    this.toast.value = text;
    setTimeout(() => {
      if (this.toast.peek() === text) this.toast.value = '';
    }, TOAST_MS);
  }

  /** @param done the toast after the text was copied */
  async copy(text: string, done: string): Promise<void> {
    if (await copyText(text)) this.showToast(done);
    else this.toCopy.value = text;
  }
}
