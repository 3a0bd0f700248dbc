// How the lines of a chat hang together: where a new day begins, and which message goes on from the
// one above it, so that an address is not repeated beside every sentence.

import { wallMilliseconds, type ChatLine } from './chat_line';

/** Beyond this pause a message stands on its own again, with its own time. */
const PAUSE_MS = 3 * 60 * 1000;

export interface Placement {
  /** The day to announce before the line (YYYY-MM-DD), or nothing while the day is the same. */
  readonly newDay: string | undefined;
  /** The line goes on from the one above: same speaker, short pause. */
  readonly continued: boolean;
}

export class Transcript {
  private day: string | undefined;
  private previous: ChatLine | undefined;

  /** Takes the lines in the order in which they arrive. */
  place(line: ChatLine): Placement {
    const newDay = line.kind !== 'other' && line.at.date !== this.day ? line.at.date : undefined;
    const continued = newDay === undefined && this.goesOn(line);
    if (newDay !== undefined) this.day = newDay;
    this.previous = line;
    return { newDay, continued };
  }

  /** Something that is no chat line came between: the next message starts afresh. */
  interrupt(): void {
    this.previous = undefined;
  }

  private goesOn(line: ChatLine): boolean {
    const previous = this.previous;
    if (line.kind !== 'say' || previous?.kind !== 'say' || line.address !== previous.address) return false;
    // The server's clock may be set back: then the pause is unknown, and the time is worth showing.
    const pause = wallMilliseconds(line.at) - wallMilliseconds(previous.at);
    return pause >= 0 && pause <= PAUSE_MS;
  }
}
