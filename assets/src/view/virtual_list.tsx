// A list of which only what is on the screen, and a little around it, is drawn. What holds the reader's place is an
// anchor: the end, or a row and how far it is below the top. After every change the list is scrolled so that the anchor
// is where it was; so nothing jumps when rows come above, grow, or turn out taller than they were thought.

import type { ComponentChildren, JSX, Ref } from 'preact';
import { useImperativeHandle, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { Heights, type Tall } from '../model/heights';

export interface ListRow extends Tall {
  /** Rows that come and go, such as day lines, hold nobody's place. */
  readonly canHold: boolean;
}

export interface ListHandle {
  toEnd(): void;
  /** Brings a row into the upper third. */
  toRow(key: string): void;
  focus(): void;
}

interface Props<R extends ListRow> {
  readonly rows: readonly R[];
  readonly render: (row: R) => ComponentChildren;
  readonly handle: Ref<ListHandle>;
  readonly label: string;
  /** What the list begins with is there. Before that it is at the end. */
  readonly isReady: boolean;
  /** Where to begin: a row, or the end. Heeded once. */
  readonly startAt: string | undefined;
  readonly onAtEnd: (isAtEnd: boolean) => void;
  /** The reader comes near the first row. Called often. */
  readonly onNearStart: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

type Anchor = 'end' | { readonly key: string; readonly index: number; readonly fromTop: number };

const NEAR_END_PX = 40;
const NEAR_START_PX = 800;
/** Drawn above and below the window, so that a fast scroll does not run into nothing. */
const AROUND_PX = 900;

export function VirtualList<R extends ListRow>(props: Props<R>): JSX.Element {
  const { rows, render, handle, label, isReady, startAt, onAtEnd, onNearStart, onKeyDown } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const heights = useRef(new Heights()).current;
  const anchor = useRef<Anchor>('end');
  const hasBegun = useRef(false);
  const drawn = useRef({ first: 0, end: 0 });
  const [, drawAgain] = useReducer<number, void>((count) => count + 1, 0);

  // A row that has the focus may be taken away.
  let hadFocus = scroller.current?.contains(document.activeElement) ?? false;
  const toFocus = useRef('');

  heights.setRows(rows);
  if (!hasBegun.current && isReady) {
    hasBegun.current = true;
    if (startAt !== undefined && heights.indexOf(startAt) !== undefined)
      anchor.current = { key: startAt, index: 0, fromTop: 120 };
  }

  const windowHeight = (): number => scroller.current?.clientHeight ?? 800;

  /** Where the window should begin. */
  const wantedTop = (): number => {
    const most = Math.max(0, heights.total - windowHeight());
    const { current } = anchor;
    if (current === 'end') return most;
    const index = heights.indexOf(current.key) ?? Math.min(current.index, rows.length - 1);
    return Math.min(most, Math.max(0, heights.top(index) - current.fromTop));
  };

  const rangeFor = (top: number): { first: number; end: number } => ({
    first: heights.indexAt(top - AROUND_PX),
    end: Math.min(rows.length, heights.indexAt(top + windowHeight() + AROUND_PX) + 1),
  });

  drawn.current = rangeFor(wantedTop());
  const { first, end } = drawn.current;

  const anchorAt = (top: number): Anchor => {
    let index = heights.indexAt(top);
    while (index < rows.length - 1 && !rows[index]?.canHold) index += 1;
    return { key: rows[index]?.key ?? '', index, fromTop: heights.top(index) - top };
  };

  /** Measures what is drawn, and puts the window where the anchor wants it. */
  const settle = (): void => {
    const [box, list] = [scroller.current, inner.current];
    if (!box || !list) return;
    for (const child of list.children) {
      const { key } = (child as HTMLElement).dataset;
      if (key !== undefined) heights.measure(key, child.getBoundingClientRect().height);
    }
    const found = list.querySelector<HTMLElement>(`[data-key="${toFocus.current}"] article`);
    if (found) toFocus.current = '';
    if (found ?? (hadFocus && document.activeElement === document.body))
      (found ?? box).focus({ preventScroll: true });
    hadFocus = false;
    const range = drawn.current;
    list.style.paddingTop = `${heights.top(range.first)}px`;
    list.style.paddingBottom = `${heights.total - heights.top(range.end)}px`;
    const top = wantedTop();
    if (Math.abs(box.scrollTop - top) > 0.5) box.scrollTop = top;
    const needed = rangeFor(top);
    // Guesses may have been far off; each round measures more.
    if (needed.first < range.first - 5 || needed.end > range.end + 5) drawAgain();
    else if (isNearEnd(box)) anchor.current = 'end'; // as if the reader had scrolled there
    tellWhere(box);
  };

  const tellWhere = (box: HTMLElement): void => {
    onAtEnd(isNearEnd(box));
    if (box.scrollTop < NEAR_START_PX) onNearStart();
  };

  const scrolled = (): void => {
    const box = scroller.current;
    if (!box) return;
    anchor.current = isNearEnd(box) ? 'end' : anchorAt(box.scrollTop);
    tellWhere(box);
    const needed = rangeFor(box.scrollTop);
    if (needed.first !== first || needed.end !== end) drawAgain();
  };

  useLayoutEffect(settle);
  const settleNow = useRef(settle);
  settleNow.current = settle;
  useLayoutEffect(() => {
    const [box, list] = [scroller.current, inner.current];
    if (!box || !list) return undefined;
    let width = box.clientWidth;
    const observer = new ResizeObserver(() => {
      if (box.clientWidth !== width) heights.forget();
      width = box.clientWidth;
      settleNow.current();
    });
    observer.observe(box);
    observer.observe(list);
    return () => observer.disconnect();
  }, []);

  useImperativeHandle(
    handle,
    () => ({
      toEnd() {
        anchor.current = 'end';
        drawAgain();
      },
      toRow(key) {
        anchor.current = { key, index: 0, fromTop: windowHeight() / 3 };
        toFocus.current = key;
        drawAgain();
      },
      focus: () => scroller.current?.focus({ preventScroll: true }),
    }),
    [],
  );

  return (
    // New messages are told by a region of their own: here rows also come and go as the reader scrolls.
    <div
      ref={scroller}
      id="contents"
      class="contents"
      role="log"
      aria-live="off"
      aria-label={label}
      tabIndex={0}
      onScroll={scrolled}
      onKeyDown={onKeyDown}
    >
      <div ref={inner} class="rows">
        {rows.slice(first, end).map((row) => (
          <div key={row.key} data-key={row.key} class="row">
            {render(row)}
          </div>
        ))}
      </div>
    </div>
  );
}

function isNearEnd(box: HTMLElement): boolean {
  return box.scrollHeight - box.scrollTop - box.clientHeight <= NEAR_END_PX;
}
