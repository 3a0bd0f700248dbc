// Words of the page that change where they stand. A browser that translates the page puts elements of its own in the
// place of its text, so other words are another element, and never another text in the same one.

import type { JSX } from 'preact';

export function ChangingText({ children }: { children: string }): JSX.Element {
  return <span key={children}>{children}</span>;
}
