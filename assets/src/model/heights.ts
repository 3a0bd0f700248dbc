// Where the rows of a long list stand, of which only a few are drawn: measured heights where there are some, guesses
// elsewhere.

export interface Tall {
  readonly key: string;
  /** In pixels, until the row is measured. */
  readonly guess: number;
}

export class Heights {
  private readonly measured = new Map<string, number>();
  private rows: readonly Tall[] = [];
  private indices = new Map<string, number>();
  /** The top of each row, and behind them the end of the last. */
  private tops = new Float64Array(1);
  private areTopsRight = true;

  /** The same array again is no work: it is told with every draw. */
  setRows(rows: readonly Tall[]): void {
    if (rows === this.rows) return;
    this.rows = rows;
    this.indices = new Map(rows.map(({ key }, index) => [key, index]));
    this.areTopsRight = false;
  }

  measure(key: string, height: number): void {
    if (Math.abs((this.measured.get(key) ?? -1) - height) < 0.5) return;
    this.measured.set(key, height);
    this.areTopsRight = false;
  }

  /** The width has changed: nothing that was measured holds. */
  forget(): void {
    this.measured.clear();
    this.areTopsRight = false;
  }

  indexOf(key: string): number | undefined {
    return this.indices.get(key);
  }

  top(index: number): number {
    this.layOut();
    return this.tops[Math.min(index, this.rows.length)] ?? 0;
  }

  get total(): number {
    return this.top(this.rows.length);
  }

  /** The row that covers this height; the first or the last one beyond the ends. */
  indexAt(y: number): number {
    this.layOut();
    let low = 0;
    let high = Math.max(0, this.rows.length - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.tops[middle] ?? 0) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private layOut(): void {
    if (this.areTopsRight) return;
    this.areTopsRight = true;
    this.tops = new Float64Array(this.rows.length + 1);
    let top = 0;
    this.rows.forEach(({ key, guess }, index) => {
      this.tops[index] = top;
      top += this.measured.get(key) ?? guess;
    });
    this.tops[this.rows.length] = top;
  }
}
