// The conversation on the page: appends lines, keeps their number bounded, and follows the newest one
// for as long as the reader has not scrolled up to read something older.

import { parseChatLine, type ChatLine } from './chat_line';
import { byId } from './element';
import type { Language } from './i18n';
import { LineWriter } from './line_view';
import { SpeakerHues } from './speaker';
import { Transcript } from './transcript';

/** What the page keeps. Beyond it the oldest go, so that a page left open for a month stays quick. */
const MAX_LINES = 2_000;
/** So near to the end the reader is taken to be following, pixels of a fraction and elastic scrolling included. */
const NEAR_END_PX = 48;
/** In a burst every line at once would slide in, and that is neither calm nor cheap. */
const MAX_ANIMATED = 8;

export class LogView {
  private readonly contents = byId('contents', HTMLElement);
  private readonly newer = byId('newer', HTMLButtonElement);
  private readonly transcript = new Transcript();
  private readonly writer: LineWriter;
  private waiting: HTMLElement[] = [];
  private drawing = false;
  private following = true;
  private lastTop = 0;

  constructor(private readonly language: Language) {
    this.writer = new LineWriter(language, new SpeakerHues());
    this.contents.setAttribute('aria-label', language.texts.log);
    byId('newer-label', HTMLElement).textContent = language.texts.newLines;
    this.contents.addEventListener('scroll', () => this.scrolled(), { passive: true });
    this.newer.addEventListener('click', () => {
      this.toEnd();
      this.contents.focus({ preventScroll: true }); // the button is about to vanish with the focus on it
    });
    // A keyboard that opens, a draft that grows or a turned phone makes the log smaller: the end stays in view.
    new ResizeObserver(() => {
      if (this.following) this.toEnd();
    }).observe(this.contents);
  }

  /** A text frame as it came; the answer is what it was taken for. */
  addFrame(frame: string): ChatLine {
    const line = parseChatLine(frame);
    const { newDay, continued } = this.transcript.place(line);
    if (newDay !== undefined) this.append(this.writer.day(newDay));
    this.append(this.writer.line(line, continued));
    return line;
  }

  addBinary(size: number): void {
    this.transcript.interrupt();
    this.append(this.writer.plain('binary', this.language.texts.binary(this.language.size(size))));
  }

  /** Something that the page itself has to say about the conversation. */
  addNote(text: string): void {
    this.transcript.interrupt();
    this.append(this.writer.plain('note', text));
  }

  /** Shows the newest line and follows from there. */
  toEnd(): void {
    this.following = true;
    this.newer.hidden = true;
    this.contents.scrollTop = this.contents.scrollHeight;
    this.lastTop = this.contents.scrollTop;
  }

  // Lines are drawn once a frame, however many came: each one by itself would be laid out by itself.
  private append(element: HTMLElement): void {
    this.waiting.push(element);
    // A page in the background draws no frame, perhaps for hours. What could never be kept is dropped.
    if (this.waiting.length > 2 * MAX_LINES) this.waiting = this.waiting.slice(-MAX_LINES);
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.drawing = false;
    const lines = this.waiting.slice(-MAX_LINES);
    this.waiting = [];
    if (lines.length <= MAX_ANIMATED) for (const line of lines) line.classList.add('fresh');
    this.contents.append(...lines);
    while (this.contents.childElementCount > MAX_LINES) this.contents.firstElementChild?.remove();
    if (this.following) this.toEnd();
    else this.newer.hidden = false;
  }

  private scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.contents;
    if (scrollHeight - scrollTop - clientHeight <= NEAR_END_PX) {
      this.following = true;
      this.newer.hidden = true;
    } else if (scrollTop < this.lastTop) {
      // Being far from the end is not enough: the log may have got smaller since it was scrolled there.
      this.following = false;
    }
    this.lastTop = scrollTop;
  }
}
