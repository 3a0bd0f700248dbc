// A message with all changes applied.

import { personOf, type ClientInfo, type Change, type Named } from './publication';

export interface Message {
  /** Stays the same while the page shows the message, before and after it has arrived. */
  readonly key: string;
  /** Undefined until the message has come back from the room, and in rooms without a history. */
  readonly offset: number | undefined;
  readonly id: string | undefined;
  readonly author: ClientInfo;
  readonly own: boolean;
  readonly time: number;
  readonly text: string;
  /** The text is the JSON of another application. */
  readonly isData: boolean;
  readonly reply: number | undefined;
  readonly edited: boolean;
  readonly deleted: boolean;
  /** The people that have reacted, oldest first, by emoji. */
  readonly reactions: ReadonlyMap<string, readonly Named[]>;
  readonly delivery: DeliveryState;
}

/** `failed`: the server has rejected the message with the error `code`. */
export type DeliveryState =
  { readonly kind: 'sent' } | { readonly kind: 'pending' } | { readonly kind: 'failed'; readonly code: number };

export const SENT: DeliveryState = { kind: 'sent' };
export const PENDING: DeliveryState = { kind: 'pending' };

/** A change with its author, and its position in the room's order. */
export interface AuthoredChange {
  readonly offset: number;
  readonly author: ClientInfo;
  readonly change: Change;
}

/**
  * Returns the message after one more change. The server lets authors change only their own messages; this checks it
  * again.
 */
export function changed(message: Message, { author, change }: AuthoredChange): Message {
  if (message.deleted) return message;
  if (change.kind === 'react') return { ...message, reactions: reacted(message.reactions, author, change) };
  if (author.user === '' || author.user !== message.author.user) return message;
  if (change.kind === 'edit') return { ...message, text: change.text, edited: true };
  return { ...message, text: '', reactions: new Map(), deleted: true };
}

function reacted(
  reactions: Message['reactions'],
  author: ClientInfo,
  { emoji, on }: Extract<Change, { kind: 'react' }>,
): Message['reactions'] {
  const person = personOf(author);
  const others = (reactions.get(emoji) ?? []).filter((other) => other.person !== person);
  const people = on ? [...others, { person, name: author.name }] : others;
  const result = new Map(reactions);
  if (people.length === 0) result.delete(emoji);
  else result.set(emoji, people);
  return result;
}
