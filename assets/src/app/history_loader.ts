// Loads the room's history backwards from its newest page, one page at a time.

import type { Publication } from '../model/publication';
import type { Timeline } from '../model/timeline';
import { NOT_AVAILABLE, PERMISSION_DENIED } from '../net/error_codes';
import { errorCode, type RoomSubscription } from '../net/room_subscription';

/** Errors of rooms without a history for this client. */
const NO_HISTORY = [PERMISSION_DENIED, NOT_AVAILABLE];
/** The delay after a request that failed. */
export const RETRY_AFTER_MS = 5_000;

export class HistoryLoader {
  /** The newest page is loaded, and all publications after it have arrived. */
  hasNewest = false;
  private epoch = '';
  /** Pages that were requested before the last restart are discarded. */
  private restarts = 0;
  /** The offset before which the history is empty. */
  private beginning: number | undefined;
  private loading: Promise<boolean> | undefined;
  private mayLoadAt = 0;

  /** @param onChange called when a page is requested and when it has arrived */
  constructor(
    private readonly subscription: Pick<RoomSubscription, 'history' | 'isSubscribed'>,
    private readonly timeline: Timeline,
    private readonly onChange: () => void,
  ) {}

  get isLoading(): boolean {
    return this.loading !== undefined;
  }

  /** The history may have older publications. */
  get hasOlder(): boolean {
    const { oldest = 1 } = this.timeline;
    return this.hasNewest && oldest > 1 && oldest !== this.beginning;
  }

  /** Starts again from the newest page, because publications are missing between it and the loaded ones. */
  restart(): void {
    this.hasNewest = false;
    this.beginning = undefined;
    this.loading = undefined;
    this.restarts += 1;
  }

  /** Returns false if the page did not arrive and must be requested again. */
  async loadNewest(epoch: string, limit: number): Promise<boolean> {
    this.epoch = epoch;
    await this.load(() => this.subscription.history(undefined, limit));
    return this.hasNewest;
  }

  /** Loads the next page, or waits for the one that is under way. Returns whether it had publications. */
  loadOlder(): Promise<boolean> {
    const { oldest } = this.timeline;
    if (this.loading) return this.loading;
    if (!this.hasOlder || oldest === undefined || !this.subscription.isSubscribed || Date.now() < this.mayLoadAt)
      return Promise.resolve(false);
    return this.load(() => this.subscription.history({ offset: oldest, epoch: this.epoch }));
  }

  /** Loads pages until a message is found. Returns false if the history does not have it. */
  async find(offset: number): Promise<boolean> {
    if (offset === 0) return false;
    while (!this.timeline.message(offset)) {
      const isPast = !this.isLoading && offset >= (this.timeline.oldest ?? 0);
      if (isPast || !(await this.loadOlder())) return false;
    }
    return true;
  }

  private load(request: () => Promise<Publication[]>): Promise<boolean> {
    const { restarts } = this;
    const run = async (): Promise<boolean> => {
      try {
        const page = await request().catch((error: unknown) => {
          if (NO_HISTORY.includes(errorCode(error))) return [];
          throw error;
        });
        if (restarts !== this.restarts) return false;
        this.timeline.addHistory(page);
        this.hasNewest = true;
        if (page.length === 0) this.beginning = this.timeline.oldest;
        return page.length > 0;
      } catch {
        this.mayLoadAt = Date.now() + RETRY_AFTER_MS;
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
