// The room's history, read back from its newest page, a page at a time.

import type { Publication } from '../model/publication';
import type { Timeline } from '../model/timeline';
import { errorCode, type RoomLine } from '../net/room_line';

/** The room keeps nothing, or not for this reader. */
const NOT_TO_BE_HAD = [103, 108];
/** After a page that did not come. */
export const LOAD_AGAIN_MS = 5_000;

export class History {
  /** The newest page is there, and all that came after it. */
  hasNewest = false;
  private epoch = '';
  /** Pages from before the last restart do not count. */
  private restarts = 0;
  /** The history has nothing before it. */
  private beginning: number | undefined;
  private loading: Promise<boolean> | undefined;
  private mayLoadAt = 0;

  /** @param onChange pages have come, or are being waited for */
  constructor(
    private readonly line: Pick<RoomLine, 'history' | 'isIn'>,
    private readonly timeline: Timeline,
    private readonly onChange: () => void,
  ) {}

  get isLoading(): boolean {
    return this.loading !== undefined;
  }

  /** Older messages may be there. */
  get hasOlder(): boolean {
    const { oldest = 1 } = this.timeline;
    return this.hasNewest && oldest > 1 && oldest !== this.beginning;
  }

  /** What there is does not join on to what comes now. */
  restart(): void {
    this.hasNewest = false;
    this.beginning = undefined;
    this.loading = undefined;
    this.restarts += 1;
  }

  /** False if it did not come: it is to be asked for again. */
  async loadNewest(epoch: string, limit: number): Promise<boolean> {
    this.epoch = epoch;
    await this.load(() => this.line.history(undefined, limit));
    return this.hasNewest;
  }

  /** One more page; the answer is whether there was one. While one is on its way, that is the one. */
  loadOlder(): Promise<boolean> {
    const { oldest } = this.timeline;
    if (this.loading) return this.loading;
    if (!this.hasOlder || oldest === undefined || !this.line.isIn || Date.now() < this.mayLoadAt)
      return Promise.resolve(false);
    return this.load(() => this.line.history({ offset: oldest, epoch: this.epoch }));
  }

  /** Reads back until the message is there; false if the history does not have it. */
  async find(offset: number): Promise<boolean> {
    if (offset === 0) return false;
    while (!this.timeline.message(offset)) {
      const isPast = !this.isLoading && offset >= (this.timeline.oldest ?? 0);
      if (isPast || !(await this.loadOlder())) return false;
    }
    return true;
  }

  private load(ask: () => Promise<Publication[]>): Promise<boolean> {
    const { restarts } = this;
    const run = async (): Promise<boolean> => {
      try {
        const page = await ask().catch((error: unknown) => {
          if (NOT_TO_BE_HAD.includes(errorCode(error))) return [];
          throw error;
        });
        if (restarts !== this.restarts) return false;
        this.timeline.addHistory(page);
        this.hasNewest = true;
        if (page.length === 0) this.beginning = this.timeline.oldest;
        return page.length > 0;
      } catch {
        this.mayLoadAt = Date.now() + LOAD_AGAIN_MS;
        return false;
      } finally {
        if (restarts === this.restarts) this.loading = undefined;
        this.onChange();
      }
    };
    this.loading = run();
    this.onChange();
    return this.loading;
  }
}
