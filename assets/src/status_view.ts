// Says whether the line to the server stands, and when it does not, why, and when the next try comes.

import { CLOSE_SHUTDOWN, type ConnectionState } from './connection';
import { byId } from './element';
import type { Language, Texts } from './i18n';

const CLOSE_TOO_BIG = 1009; // RFC 6455, section 7.4.1
const CLOSE_TOO_SLOW = 3008;

export class StatusView {
  private readonly status = byId('status', HTMLElement);
  private readonly trouble = byId('trouble', HTMLElement);
  private readonly why = byId('trouble-why', HTMLElement);
  private readonly when = byId('trouble-when', HTMLElement);
  private readonly retry = byId('retry', HTMLButtonElement);
  private ticking: number | undefined;

  constructor(
    private readonly language: Language,
    onRetry: () => void,
  ) {
    this.retry.textContent = language.texts.tryNow;
    this.retry.addEventListener('click', onRetry);
  }

  show(state: ConnectionState): void {
    const texts = this.language.texts;
    window.clearInterval(this.ticking);
    this.status.dataset.state = state.kind;
    this.status.textContent = texts[state.kind];
    // The first try is no trouble yet. Later ones keep the bar up, or it would blink at every try.
    this.trouble.hidden = state.kind === 'connected' || (state.kind === 'connecting' && state.failures === 0);
    switch (state.kind) {
      case 'connected':
        setText(this.why, ''); // so that the same reason is read out again the next time
        break;
      case 'connecting':
        setText(this.when, texts.trying);
        break;
      case 'offline':
        setText(this.why, whyOffline(state.code, texts));
        this.countDown(state.retryAt);
        break;
      case 'stopped':
        setText(this.why, texts.whyStopped(state.code));
        setText(this.when, '');
        break;
    }
  }

  // The seconds stand outside the live region: a screen reader would read out every one of them.
  private countDown(retryAt: number): void {
    const tick = (): void => {
      const seconds = Math.max(1, Math.ceil((retryAt - performance.now()) / 1000));
      setText(this.when, this.language.texts.tryIn(seconds));
    };
    tick();
    this.ticking = window.setInterval(tick, 250);
  }
}

function whyOffline(code: number, texts: Texts): string {
  switch (code) {
    case CLOSE_SHUTDOWN:
      return texts.whyShutdown;
    case CLOSE_TOO_BIG:
      return texts.whyTooBig;
    case CLOSE_TOO_SLOW:
      return texts.whyTooSlow;
    default:
      return texts.whyLost;
  }
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text; // a live region speaks whenever it is written
}
