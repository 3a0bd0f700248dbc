// The text of a message, from tokens to elements. Text is only ever text.

import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { isOnlyEmoji, tokensOf, type Names, type Token } from '../text/tokens';

/** A longer one is cut until the reader wants it all: one message is not to fill the room. */
const MOST_LETTERS = 3_000;
const MOST_LINES = 30;

export function isLong(text: string): boolean {
  return text.length > MOST_LETTERS || text.split('\n', MOST_LINES + 1).length > MOST_LINES;
}

export function cut(text: string): string {
  return `${text.split('\n', MOST_LINES).join('\n').slice(0, MOST_LETTERS).trimEnd()}…`;
}

export function MessageText({ text, names }: { text: string; names: Names }): JSX.Element {
  const tokens = useMemo(() => tokensOf(text, names), [text, names]);
  const shape = useMemo(() => tokens.map(({ kind, text: its }) => `${kind} ${its}`).join('\n'), [tokens]);
  return (
    // Other pieces are another element: a browser that translates has replaced their text by elements of its own.
    <div key={shape} class={isOnlyEmoji(tokens) ? 'text large' : 'text'} dir="auto">
      {tokens.map(elementOf)}
    </div>
  );
}

/** In one line, for quotes. */
export function plain(text: string): string {
  return tokensOf(text.slice(0, 300))
    .map((token) => token.text)
    .join('')
    .replace(/\s+/g, ' ');
}

function elementOf(token: Token): JSX.Element | string {
  switch (token.kind) {
    case 'text':
      return token.text;
    case 'link':
      return (
        <a href={token.href} translate={false} target="_blank" rel="noopener noreferrer" title={token.href} dir="ltr">
          {token.text}
          {token.host && ` [${token.host}]`}
        </a>
      );
    case 'code':
      return <code translate={false}>{token.text}</code>;
    case 'block':
      return (
        <pre tabIndex={0} dir="ltr" translate={false}>
          <code>{token.text}</code>
        </pre>
      );
    case 'emoji':
      return (
        <span role="img" translate={false} aria-label={token.name} title={`:${token.name}:`}>
          {token.text}
        </span>
      );
    case 'mention':
      return (
        <strong class={token.isReader ? 'mention reader' : 'mention'} translate={false}>
          {token.text}
        </strong>
      );
  }
}
