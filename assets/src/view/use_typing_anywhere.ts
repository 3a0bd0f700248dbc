// Moves the focus to the message field when the user starts to type elsewhere on the page.

import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** Returns whether a key types a character, or pastes. A space scrolls the page or presses a button. */
export function writes(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): boolean {
  const { key, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey !== metaKey && !altKey) return key.toLowerCase() === 'v';
  const isAltGraph = ctrlKey && altKey; // on Windows
  if ((ctrlKey || metaKey) && !isAltGraph) return false;
  if (altKey && !ctrlKey && key <= '~') return false; // opens a menu; on a Mac it types other letters
  return key === 'Dead' || key === 'Process' || (key !== ' ' && [...key].length === 1);
}

/** Elements that handle keys themselves. */
const TAKES_KEYS = 'input, textarea, select, [contenteditable], [role=menu], dialog, [popover]';

export function useTypingAnywhere(field: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const { target } = event;
      if (event.defaultPrevented || event.isComposing || !writes(event)) return;
      if (target instanceof Element && target.closest(TAKES_KEYS)) return;
      if (document.querySelector('dialog[open], [popover]:popover-open')) return;
      field.current?.focus({ preventScroll: true }); // and receives the key
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}
