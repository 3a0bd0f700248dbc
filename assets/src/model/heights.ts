// The positions of the rows of a long list, of which only a few are drawn. Rows have measured heights, or estimated ones
// until they are drawn.

export interface EstimatedRow {
  readonly key: string;
  /** The estimated height in pixels. */
  readonly guess: number;
}

export class Heights {
  private readonly measured = new Map<string, number>();
  private rows: readonly EstimatedRow[] = [];
  private indices = new Map<string, number>();
  /** The top of each row, and the end of the last one. */
  private tops = new Float64Array(1);
  private areTopsRight = true;

  /** Setting the same array again, as each drawing does, costs nothing. */
  setRows(rows: readonly EstimatedRow[]): void {
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

  /** Forgets the measured heights, because the width has changed. */
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

  /** Returns the row at this height; beyond the ends the first or last row. */
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
