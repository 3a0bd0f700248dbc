// A text that changes in place. A browser that translates the page replaces text by elements of its own, so a new text
// must be a new element.

import type { JSX } from 'preact';

export function ChangingText({ children }: { children: string }): JSX.Element {
  return <span key={children}>{children}</span>;
}
