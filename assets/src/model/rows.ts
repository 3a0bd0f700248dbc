// Turns a room's timeline into the rows that are drawn: day lines, groups of messages by one author, and summaries of
// joins and leaves.

import type { Message } from './message';
import { personOf, type Named } from './publication';
import { isMove, type Move, type Timeline } from './timeline';

export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly time: number }
  | { readonly kind: 'unread'; readonly key: string }
  | { readonly kind: 'gap' | 'hole'; readonly key: string }
  | {
      readonly kind: 'say';
      readonly key: string;
      readonly message: Message;
      /** The row above is by the same author, so that this one needs no name and picture. */
      readonly continued: boolean;
      readonly quoted: Message | undefined;
    }
  | { readonly kind: 'moves'; readonly key: string; readonly time: number; readonly moved: Moved };

/** The summary of successive joins, leaves and renames, in which each person is listed once per name. */
export interface Moved {
  readonly joined: readonly Named[];
  readonly left: readonly Named[];
  readonly visited: readonly Named[];
  readonly returned: readonly Named[];
  /** Without people that have just joined. */
  readonly renamed: readonly { readonly from: Named; readonly to: Named }[];
}

/** After a longer pause a new group starts, which shows its time. */
const GROUP_MS = 5 * 60_000;

/** @param unreadFrom the offset of the first unread message */
export function rowsOf(timeline: Timeline, unreadFrom: number | undefined): Row[] {
  const rows: Row[] = [];
  let moves: Move[] = [];
  let above: Message | undefined;
  let nextDay = -Infinity;
  let lineDue = unreadFrom !== undefined;

  const flush = (): void => {
    const [first] = moves;
    if (first) rows.push({ kind: 'moves', key: first.key, time: first.time, moved: condense(moves) });
    if (first) above = undefined;
    moves = [];
  };
  const startDay = ({ key, time }: { key: string; time: number }): void => {
    // Messages have the server's time, joins and leaves have the user's. A day must not start twice if these differ.
    if (time < nextDay) return;
    nextDay = new Date(time).setHours(24, 0, 0, 0);
    flush();
    rows.push({ kind: 'day', key: `day ${key}`, time });
    above = undefined;
  };
  const say = (message: Message): void => {
    flush();
    if (lineDue && message.offset !== undefined && message.offset >= (unreadFrom ?? 0)) {
      lineDue = false;
      above = undefined;
      rows.push({ kind: 'unread', key: 'unread' });
    }
    const quoted = message.reply === undefined ? undefined : timeline.message(message.reply);
    rows.push({ kind: 'say', key: message.key, message, continued: continues(above, message), quoted });
    above = message;
  };

  for (const entry of timeline.entries()) {
    startDay(entry);
    if (entry.kind === 'say') say(entry.message);
    else if (isMove(entry)) moves.push(entry);
    else {
      flush();
      rows.push({ kind: entry.kind, key: entry.key });
      above = undefined;
    }
  }
  flush();
  for (const message of timeline.outbox.messages) {
    startDay(message);
    say(message);
  }
  return rows;
}

function continues(above: Message | undefined, message: Message): boolean {
  if (!above || message.reply !== undefined || above.deleted) return false;
  return (
    personOf(above.author) === personOf(message.author) &&
    above.author.name === message.author.name &&
    message.time - above.time < GROUP_MS
  );
}

/** Summarises moves: only the first and last move of a person count, and the first and last name. */
export function condense(moves: readonly Move[]): Moved {
  interface Known {
    name: string;
    from?: string;
    first?: Move['kind'];
    last?: Move['kind'];
  }
  const people = new Map<string, Known>();
  for (const { person, name, before, kind } of moves) {
    const known = people.get(person) ?? { name };
    people.set(person, known);
    known.name = name;
    if (kind === 'rename') known.from ??= before;
    else {
      known.first ??= kind;
      known.last = kind;
    }
  }
  const all = [...people].map(([person, known]) => ({ person, ...known }));
  const who = (first: Move['kind'], last: Move['kind']): Named[] =>
    all.filter((one) => one.first === first && one.last === last).map(({ person, name }) => ({ person, name }));
  return {
    joined: who('join', 'join'),
    left: who('leave', 'leave'),
    visited: who('join', 'leave'),
    returned: who('leave', 'join'),
    renamed: all.flatMap(({ person, name, from, first }) =>
      from === undefined || from === name || first === 'join'
        ? []
        : [{ from: { person, name: from }, to: { person, name } }],
    ),
  };
}
