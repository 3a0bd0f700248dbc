// The Enter key in the message field.

import type { Settings } from '../model/settings';

/** The code of keys that belong to an input method, in browsers without isComposing. */
export const KEY_CODE_COMPOSING = 229;

/** On a phone there is no Shift + Enter, and the button is in reach. */
export function enterSends(chosen: Settings['enter'], isTouched: boolean): boolean {
  return chosen === 'auto' ? !isTouched : chosen === 'send';
}

/** Returns whether a key exists on hardware keyboards only. */
export function isOfKeyboard({ key, code }: { key: string; code: string }): boolean {
  return /^(Shift|Control|Alt|Meta|Tab|Escape|Arrow)/.test(key) || /^(Key|Digit|Enter|Space)/.test(code);
}

/** Returns the platform's name of the key that is pressed together with Enter. */
export function controlKey(platform: string): string {
  return /^(Mac|iP)/.test(platform) ? '⌘' : 'Ctrl';
}
