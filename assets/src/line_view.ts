// From one line of the chat to its elements. Nothing here knows where they will be put.

import type { ChatLine, Entered, Left, Said, WallTime } from './chat_line';
import { make } from './element';
import type { Language } from './i18n';
import { shortLabel, type SpeakerHues } from './speaker';

/** Writes lines in one language, and gives speakers their colours in the order in which they appear. */
export class LineWriter {
  constructor(
    private readonly language: Language,
    private readonly hues: SpeakerHues,
  ) {}

  line(line: ChatLine, continued: boolean): HTMLElement {
    switch (line.kind) {
      case 'say':
        return this.said(line, continued);
      case 'enter':
        return this.moved(line, this.language.texts.entered);
      case 'leave':
        return this.moved(line, this.language.texts.left);
      case 'other':
        return this.plain('other', line.text);
    }
  }

  /** A line of the page's own, or one without a speaker. */
  plain(kind: 'other' | 'binary' | 'note', text: string): HTMLElement {
    return lineOf(kind, text);
  }

  day(date: string): HTMLElement {
    const element = lineOf('day');
    element.append(make('span', '', this.language.date({ date, time: '00:00:00' })));
    return element;
  }

  private said(line: Said, continued: boolean): HTMLElement {
    const element = lineOf(line.kind, undefined, 'article');
    element.classList.toggle('continued', continued);
    element.dataset.hue = String(this.hues.of(line.address));

    const avatar = make('span', 'avatar', shortLabel(line.address));
    avatar.setAttribute('aria-hidden', 'true'); // the address stands beside it in full

    const head = make('div', 'head');
    head.append(make('span', 'who', line.address), this.time(line.at));

    const text = make('div', 'text', line.message);
    text.title = this.language.dateAndTime(line.at); // a continued line shows no time of its own
    element.append(avatar, head, text);
    return element;
  }

  private moved(line: Entered | Left, what: string): HTMLElement {
    const element = lineOf(line.kind);
    element.dataset.hue = String(this.hues.of(line.address));
    element.append(make('span', 'who', line.address), ' ', make('span', 'what', what), ' ', this.time(line.at));
    return element;
  }

  private time(at: WallTime): HTMLElement {
    const element = make('time', '', this.language.time(at));
    // A local date and time without an offset, which is just what the server's wall clock is.
    element.setAttribute('datetime', `${at.date}T${at.time}`);
    element.title = this.language.dateAndTime(at);
    return element;
  }
}

/** [data-kind] is what src/log.css lays a line out by. */
function lineOf(kind: string, text?: string, tag = 'div'): HTMLElement {
  const element = make(tag, 'line', text);
  element.dataset.kind = kind;
  return element;
}
