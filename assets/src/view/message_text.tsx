// The text of a message, from segments to elements. Text is only ever text.

import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { isOnlyEmoji, segmentsOf, type Names, type Segment } from '../text/segments';

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
  const segments = useMemo(() => segmentsOf(text, names), [text, names]);
  const shape = useMemo(() => segments.map(({ kind, text: its }) => `${kind} ${its}`).join('\n'), [segments]);
  return (
    // Other pieces are another element: a browser that translates has replaced their text by elements of its own.
    <div key={shape} class={isOnlyEmoji(segments) ? 'text large' : 'text'} dir="auto">
      {segments.map(elementOf)}
    </div>
  );
}

/** In one line, for quotes. */
export function plain(text: string): string {
  return segmentsOf(text.slice(0, 300))
    .map((segment) => segment.text)
    .join('')
    .replace(/\s+/g, ' ');
}

function elementOf(segment: Segment): JSX.Element | string {
  switch (segment.kind) {
    case 'text':
      return segment.text;
    case 'link':
      return (
        <a href={segment.href} translate={false} target="_blank" rel="noopener noreferrer" title={segment.href} dir="ltr">
          {segment.text}
          {segment.host && ` [${segment.host}]`}
        </a>
      );
    case 'code':
      return <code translate={false}>{segment.text}</code>;
    case 'block':
      return (
        <pre tabIndex={0} dir="ltr" translate={false}>
          <code>{segment.text}</code>
        </pre>
      );
    case 'emoji':
      return (
        <span role="img" translate={false} aria-label={segment.name} title={`:${segment.name}:`}>
          {segment.text}
        </span>
      );
    case 'mention':
      return (
        <strong class={segment.isReader ? 'mention reader' : 'mention'} translate={false}>
          {segment.text}
        </strong>
      );
  }
}
