// What a room's publications are for this page: docs/protocol.md and docs/web-client.md say how they look.
// They come from anybody, so nothing is taken for granted.

/** Who a publication, a join or a leave is from. */
export interface ClientInfo {
  /** Empty for who came without a token. */
  readonly user: string;
  /** One connection of the user. */
  readonly client: string;
  /** Empty where the connection has none: the plain chat's. */
  readonly name: string;
}

/** Who somebody is across connections, and how others call that person; empty: there is no name. */
export interface Named {
  readonly person: string;
  readonly name: string;
}

export interface Publication {
  /** Its number in the room; absent in rooms without a history. */
  readonly offset: number | undefined;
  /** Milliseconds since 1970, by the server's clock. */
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
      /** The history has it without its text: it was deleted. */
      readonly deleted: boolean;
    }
  | { readonly kind: 'edit'; readonly target: number; readonly text: string }
  | { readonly kind: 'delete'; readonly target: number }
  | { readonly kind: 'react'; readonly target: number; readonly emoji: string; readonly on: boolean }
  /** An edit that the history has without its text: a later change has replaced it. */
  | { readonly kind: 'superseded'; readonly target: number }
  /** A value of another application, as compact JSON. */
  | { readonly kind: 'data'; readonly text: string };

export type Change = Extract<Content, { kind: 'edit' | 'delete' | 'react' }>;

const MAX_EMOJI_BYTES = 32;

export function contentOf(data: unknown): Content {
  // The plain chat's.
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

/** The user, or the connection where there is none. */
export function personOf(author: ClientInfo): string {
  return author.user || `client:${author.client}`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** A picture, a flag or a keycap, and no word: reactions stand below what somebody else has said. */
function isEmoji(text: string): boolean {
  return (
    /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(text) &&
    !/[\s\p{L}]/u.test(text) &&
    new TextEncoder().encode(text).length <= MAX_EMOJI_BYTES
  );
}
