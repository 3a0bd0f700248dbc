import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

/** Returns whether a media query matches, and draws again when that changes. */
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

/** Draws again at an interval while `wanted` is true. */
export function useTick(milliseconds: number, wanted: boolean): void {
  const [, tick] = useState(0);
  useEffect(() => {
    if (!wanted) return undefined;
    const timer = setInterval(() => tick((count) => count + 1), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds, wanted]);
}

/**
  * Returns whether the mouse is over the element around the box.
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

/** Focuses the draft, or the conversation on devices where the draft would open a keyboard on the screen. */
function focusComposer(): void {
  const dialog = document.querySelector<HTMLElement>('dialog[open] button');
  const place = dialog ?? document.getElementById(matchMedia('(hover: hover)').matches ? 'msg' : 'contents');
  place?.focus({ preventScroll: true });
}

/**
  * Moves the focus when the focused box is removed: to the element around the box, or to the draft.
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

/** Returns whether so many milliseconds have passed since the first drawing. */
export function useAfter(milliseconds: number): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), milliseconds);
    return () => clearTimeout(timer);
  }, [milliseconds]);
  return isOver;
}
