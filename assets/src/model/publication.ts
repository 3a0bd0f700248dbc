// The publications of a room, as this page understands them: docs/protocol.md and docs/web-client.md. Clients may
// publish anything, so each value is checked.

/** The client that has published, joined or left. */
export interface ClientInfo {
  /** Empty for a client without a token. */
  readonly user: string;
  /** The ID of the connection. */
  readonly client: string;
  /** Empty for a connection without a name, as in the plain-text protocol. */
  readonly name: string;
}

/** The identity of a person across connections, and the displayed name; empty if there is none. */
export interface Named {
  readonly person: string;
  readonly name: string;
}

export interface Publication {
  /** The position in the room; undefined in rooms without a history. */
  readonly offset: number | undefined;
  /** In milliseconds since 1970, on the server's clock. */
  readonly time: number;
  readonly author: ClientInfo;
  readonly data: unknown;
}

export type Content =
  | {
      readonly kind: 'message';
      readonly text: string;
      readonly id: string | undefined;
      readonly reply: number | undefined;
      /** The message was deleted, and the history has it without its text. */
      readonly deleted: boolean;
    }
  | { readonly kind: 'edit'; readonly target: number; readonly text: string }
  | { readonly kind: 'delete'; readonly target: number }
  | { readonly kind: 'react'; readonly target: number; readonly emoji: string; readonly on: boolean }
  /** An edit that a later change has replaced; the history has it without its text. */
  | { readonly kind: 'superseded'; readonly target: number }
  /** The value of another application, as compact JSON. */
  | { readonly kind: 'data'; readonly text: string };

export type Change = Extract<Content, { kind: 'edit' | 'delete' | 'react' }>;

const MAX_EMOJI_BYTES = 32;

export function contentOf(data: unknown): Content {
  // Of the plain-text protocol.
  if (typeof data === 'string') return { kind: 'message', text: data, id: undefined, reply: undefined, deleted: false };
  return (isRecord(data) && ofRecord(data)) || { kind: 'data', text: data === undefined ? 'null' : JSON.stringify(data) };
}

function ofRecord(data: Record<string, unknown>): Content | undefined {
  const { text, id, reply, edit, delete: removed, deleted, react, emoji, on } = data;
  if (edit !== undefined) {
    if (!isOffset(edit)) return undefined;
    if (text === undefined) return { kind: 'superseded', target: edit };
    return typeof text === 'string' ? { kind: 'edit', target: edit, text } : undefined;
  }
  if (removed !== undefined) return isOffset(removed) ? { kind: 'delete', target: removed } : undefined;
  if (react !== undefined) {
    if (!isOffset(react)) return undefined;
    if (typeof emoji !== 'string' || typeof on !== 'boolean' || !isEmoji(emoji)) return undefined;
    return { kind: 'react', target: react, emoji, on };
  }
  if (text === undefined && deleted === true && typeof id === 'string')
    return { kind: 'message', text: '', id, reply: undefined, deleted };
  if (typeof text !== 'string') return undefined;
  return {
    kind: 'message',
    text,
    id: typeof id === 'string' ? id : undefined,
    reply: isOffset(reply) ? reply : undefined,
    deleted: false,
  };
}

/** Returns the user, or the connection if there is no user. */
export function personOf(author: ClientInfo): string {
  return author.user || `client:${author.client}`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** Accepts a picture, a flag or a keycap, and no words: reactions are displayed below other people's messages. */
function isEmoji(text: string): boolean {
  return (
    /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(text) &&
    !/[\s\p{L}]/u.test(text) &&
    new TextEncoder().encode(text).length <= MAX_EMOJI_BYTES
  );
}
