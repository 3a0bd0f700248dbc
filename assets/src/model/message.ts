// A message as it reads now, after all that was done to it.

import { personOf, type ClientInfo, type Change, type Named } from './publication';

export interface Message {
  /** The same for as long as the page shows it, whether it has arrived or not. */
  readonly key: string;
  /** Absent until it has come back from the room. */
  readonly offset: number | undefined;
  readonly id: string | undefined;
  readonly author: ClientInfo;
  readonly own: boolean;
  readonly time: number;
  readonly text: string;
  /** The text is a value of another application. */
  readonly isData: boolean;
  readonly reply: number | undefined;
  readonly edited: boolean;
  readonly deleted: boolean;
  /** By emoji, the people who chose it, oldest first. */
  readonly reactions: ReadonlyMap<string, readonly Named[]>;
  readonly delivery: DeliveryState;
}

/** `failed`: the server has refused it; `code` is its error. */
export type DeliveryState =
  { readonly kind: 'sent' } | { readonly kind: 'pending' } | { readonly kind: 'failed'; readonly code: number };

export const SENT: DeliveryState = { kind: 'sent' };
export const PENDING: DeliveryState = { kind: 'pending' };

/** A change together with who made it, and when in the room's order. */
export interface AuthoredChange {
  readonly offset: number;
  readonly author: ClientInfo;
  readonly change: Change;
}

/**
 * The message after one more change. The server lets people change only what is theirs; a page that trusts
 * another server too looks again.
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
