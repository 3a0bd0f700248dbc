// What the Enter key does in the field where messages are written.

import type { Settings } from '../model/settings';

/** What a key press says while an input method still composes, in browsers that have no isComposing then. */
export const KEY_CODE_COMPOSING = 229;

/** On a phone there is no Shift + Enter, and the button is near. */
export function enterSends(chosen: Settings['enter'], isTouched: boolean): boolean {
  return chosen === 'auto' ? !isTouched : chosen === 'send';
}

/** Keyboards on the screen have no such keys: who presses one has a keyboard beside it. */
export function isOfKeyboard({ key, code }: { key: string; code: string }): boolean {
  return /^(Shift|Control|Alt|Meta|Tab|Escape|Arrow)/.test(key) || /^(Key|Digit|Enter|Space)/.test(code);
}

/** The key that goes with Enter, as it is called on the machine. */
export function controlKey(platform: string): string {
  return /^(Mac|iP)/.test(platform) ? '⌘' : 'Ctrl';
}
