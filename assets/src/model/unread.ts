// How much of a room its reader has not seen, and where that begins.

export class Unread {
  count = 0;
  /** How many of them name the reader. */
  mentions = 0;
  /** The first unread message: a line stands above it, and stays while the reader reads on. */
  from: number | undefined;
  /** The last message that was seen. */
  last: number | undefined;

  /** @param seen whether the reader has it before the eyes */
  arrived(offset: number | undefined, mentioned: boolean, seen: boolean): void {
    if (seen) {
      if (this.count === 0) this.last = offset ?? this.last;
      return;
    }
    if (this.count === 0) this.from = offset;
    this.count += 1;
    if (mentioned) this.mentions += 1;
  }

  /** The reader has seen all of it. */
  read(newest: number | undefined): void {
    this.count = 0;
    this.mentions = 0;
    this.last = newest ?? this.last;
  }

  /** The reader goes away, or answers: the line has done its work. */
  clearLine(): void {
    if (this.count === 0) this.from = undefined;
  }

  /** The numbers of another epoch mean nothing here. */
  forget(): void {
    this.from = undefined;
    this.last = undefined;
  }
}
