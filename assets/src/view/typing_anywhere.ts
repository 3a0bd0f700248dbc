// Who reads and begins to type writes in the field, wherever on the page the last click went.

import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Whether the key writes something, or pastes it. A space scrolls, and presses what has the focus. */
export function writes(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): boolean {
  const { key, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey !== metaKey && !altKey) return key.toLowerCase() === 'v';
  const isAltGraph = ctrlKey && altKey; // as Windows says it
  if ((ctrlKey || metaKey) && !isAltGraph) return false;
  if (altKey && !ctrlKey && key <= '~') return false; // opens a menu; on a Mac it writes other letters
  return key === 'Dead' || key === 'Process' || (key !== ' ' && [...key].length === 1);
}

/** What takes keys itself. */
const TAKES_KEYS = 'input, textarea, select, [contenteditable], [role=menu], dialog, [popover]';

export function useTypingAnywhere(field: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const { target } = event;
      if (event.defaultPrevented || event.isComposing || !writes(event)) return;
      if (target instanceof Element && target.closest(TAKES_KEYS)) return;
      if (document.querySelector('dialog[open], [popover]:popover-open')) return;
      field.current?.focus({ preventScroll: true }); // the key goes there
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}
