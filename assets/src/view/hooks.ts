import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

/** Whether a media query holds, now and later. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const look = (): void => setHolds(list.matches);
    list.addEventListener('change', look);
    look();
    return () => list.removeEventListener('change', look);
  }, [query]);
  return holds;
}

/** Draws again every so many milliseconds, while it is wanted. */
export function useTick(milliseconds: number, wanted: boolean): void {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!wanted) return undefined;
    const timer = setInterval(() => tick((count) => count + 1), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds, wanted]);
}

/**
 * Whether a mouse is over what is around the box.
 * @param around a selector
 */
export function usePointedAt(box: RefObject<HTMLElement | null>, around: string): boolean {
  const [isPointedAt, setPointedAt] = useState(false);
  useEffect(() => {
    const place = box.current?.closest<HTMLElement>(around);
    const enter = (): void => setPointedAt(true);
    const leave = (): void => setPointedAt(false);
    place?.addEventListener('mouseenter', enter);
    place?.addEventListener('mouseleave', leave);
    return () => {
      place?.removeEventListener('mouseenter', enter);
      place?.removeEventListener('mouseleave', leave);
    };
  }, [box, around]);
  return isPointedAt;
}

/** Where a reader goes on: at the draft, or in the conversation where a keyboard would come up over it. */
function focusComposer(): void {
  const dialog = document.querySelector<HTMLElement>('dialog[open] button');
  const place = dialog ?? document.getElementById(matchMedia('(hover: hover)').matches ? 'msg' : 'contents');
  place?.focus({ preventScroll: true });
}

/**
 * The focus of what is taken away would fall to the page's beginning. It goes to what is around the box, or to the draft.
 * @param around a selector
 */
export function useFocusAfter(box: RefObject<HTMLElement | null>, around?: string): void {
  useLayoutEffect(() => {
    const { current } = box;
    return () => {
      if (!current?.contains(document.activeElement)) return;
      if (around === undefined) focusComposer();
      else current.closest<HTMLElement>(around)?.focus({ preventScroll: true });
    };
  }, []);
}

/** Whether so many milliseconds are over since it was drawn for the first time. */
export function useAfter(milliseconds: number): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return isOver;
}
