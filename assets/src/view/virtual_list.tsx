// A list that draws only the rows on the screen and some around it. An anchor holds the scroll position: the end, or a row
// and its distance from the top. After every change the list scrolls to the anchor, so that nothing jumps when rows are
// inserted, grow, or have other heights than estimated.

import type { ComponentChildren, JSX, Ref } from 'preact';
import { useImperativeHandle, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { Heights, type EstimatedRow } from '../model/heights';

export interface ListRow extends EstimatedRow {
  /** False for rows that are inserted and removed, such as day lines. They can't be the anchor. */
  readonly canHold: boolean;
}

export interface ListHandle {
  toEnd(): void;
  /** Scrolls a row to the upper third. */
  toRow(key: string): void;
  focus(): void;
}

interface Props<R extends ListRow> {
  readonly rows: readonly R[];
  readonly render: (row: R) => ComponentChildren;
  readonly handle: Ref<ListHandle>;
  readonly label: string;
  /** The first rows are loaded. Before that the list stays at the end. */
  readonly isReady: boolean;
  /** The key of the row at which the list starts; undefined for the end. Used once. */
  readonly startAt: string | undefined;
  readonly onAtEnd: (isAtEnd: boolean) => void;
  /** The first row is near the screen. Called often. */
  readonly onNearStart: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

type Anchor = 'end' | { readonly key: string; readonly index: number; readonly fromTop: number };

const NEAR_END_PX = 40;
const NEAR_START_PX = 800;
/** The height that is drawn above and below the window, so that fast scrolling shows no empty space. */
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

  // The focused row may be removed.
  let hadFocus = scroller.current?.contains(document.activeElement) ?? false;
  const toFocus = useRef('');

  heights.setRows(rows);
  if (!hasBegun.current && isReady) {
    hasBegun.current = true;
    if (startAt !== undefined && heights.indexOf(startAt) !== undefined)
      anchor.current = { key: startAt, index: 0, fromTop: 120 };
  }

  const windowHeight = (): number => scroller.current?.clientHeight ?? 800;

  /** Returns the scroll position for the anchor. */
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

  /** Measures the rows that are drawn, and scrolls to the anchor. */
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
    // Estimates may be far off; each round measures more rows.
    if (needed.first < range.first - 5 || needed.end > range.end + 5) drawAgain();
    else if (isNearEnd(box)) anchor.current = 'end'; // as after a scroll of the user
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
    // A live region of its own announces new messages: here rows also appear while the user scrolls.
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
