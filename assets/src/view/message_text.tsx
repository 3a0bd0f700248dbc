// The text of a message, as elements. No part of the text becomes HTML.

import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { isOnlyEmoji, segmentsOf, type Names, type Segment } from '../text/segments';

/** A longer text is cut until the user opens it, so that one message does not fill the room. */
const MAX_LETTERS = 3_000;
const MAX_LINES = 30;

export function isLong(text: string): boolean {
  return text.length > MAX_LETTERS || text.split('\n', MAX_LINES + 1).length > MAX_LINES;
}

export function cut(text: string): string {
  return `${text.split('\n', MAX_LINES).join('\n').slice(0, MAX_LETTERS).trimEnd()}…`;
}

export function MessageText({ text, names }: { text: string; names: Names }): JSX.Element {
  const segments = useMemo(() => segmentsOf(text, names), [text, names]);
  const shape = useMemo(() => segments.map(({ kind, text: its }) => `${kind} ${its}`).join('\n'), [segments]);
  return (
    // Changed segments are a new element: a browser that translates replaces text by elements of its own.
    <div key={shape} class={isOnlyEmoji(segments) ? 'text large' : 'text'} dir="auto">
      {segments.map(elementOf)}
    </div>
  );
}

/** Returns the text in one line, for quotes. */
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
