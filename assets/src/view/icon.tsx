// Line drawings on a grid of 20, in the colour of the surrounding text. Hidden from screen readers; the element around an
// icon has a label.

import type { JSX } from 'preact';

const PATHS = {
  rooms: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h13',
  people:
    'M7.5 9.5a2.75 2.75 0 1 0 0-5.5 2.75 2.75 0 0 0 0 5.5ZM2.5 16c.3-2.6 2.3-4.2 5-4.2s4.7 1.6 5 4.2M13 4.3a2.6 2.6 0 0 1 0 5M14.5 12.2c1.7.5 2.8 1.9 3 3.8',
  settings:
    'M3 6h7m4 0h3M3 14h3m4 0h7M12 3.9a2.1 2.1 0 1 1 0 4.2 2.1 2.1 0 0 1 0-4.2ZM8 11.9a2.1 2.1 0 1 1 0 4.2 2.1 2.1 0 0 1 0-4.2Z',
  share: 'M10 12.5v-9M6.5 6.5 10 3l3.5 3.5M4.5 10.5v5.5h11v-5.5',
  close: 'm5 5 10 10M15 5 5 15',
  down: 'M10 4v11.5M5 10.5l5 5 5-5',
  send: 'M10 16.250V4.250M4.75 9.5 10 4.250l5.25 5.25',
  emoji: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM7 11.5c.6 1.2 1.7 1.9 3 1.9s2.4-.7 3-1.9M7.6 8v.1M12.4 8v.1',
  reply: 'M8 5 3.5 9.5 8 14M4 9.5h7.5c3 0 5 1.9 5 5.5',
  more: 'M4.5 9.7a.3.3 0 1 0 .01 0M10 9.7a.3.3 0 1 0 .01 0M15.5 9.7a.3.3 0 1 0 .01 0',
  edit: 'M4 16l.7-3.3L13 4.4a1.6 1.6 0 0 1 2.3 0l.3.3a1.6 1.6 0 0 1 0 2.3l-8.3 8.3L4 16Z',
  trash: 'M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6M8.5 9v4.5M11.5 9v4.5',
  link: 'M8.5 11.5a3 3 0 0 0 4.3 0l2.5-2.5a3 3 0 0 0-4.3-4.3l-.7.7M11.5 8.5a3 3 0 0 0-4.3 0L4.7 11A3 3 0 0 0 9 15.3l.7-.7',
  copy: 'M7.5 7.5h8v9h-8zM4.5 12.5v-9h8',
  check: 'm4.5 10.5 3.5 3.5 7.5-8',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4l2.5 2',
  muted: 'M5.5 13.5V9c0-.7.2-1.4.5-2M8 5a4.5 4.5 0 0 1 6.5 4v3M14 15H4l1.5-1.5M8.5 17.2h3M3.5 3.5l13 13',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l3.5 3.5',
  plus: 'M10 4v12M4 10h12',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
