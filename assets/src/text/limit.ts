// The server rejects texts that are too long, and closes the connection if a message exceeds the message size. It sends
// its limits to the page, which does not send such a draft, so that the user can shorten it.

export interface Limits {
  /** The size of a WebSocket message, which is one command here, in bytes. */
  readonly messageSize: number;
  /** The size of a message's text, in bytes of UTF-8. */
  readonly textSize: number;
}

/** For servers that send no limits. */
export const DEFAULT_LIMITS: Limits = { messageSize: 64 * 1024, textSize: 16 * 1024 };

export interface Excess {
  readonly size: number;
  readonly limit: number;
}

/** The largest size of a command without its text: ID, room, and the offset of a reply. */
const COMMAND_BYTES = 1_800;

const encoder = new TextEncoder();

/** Returns by how much a draft is too long, in bytes, or undefined. */
export function excessOf(draft: string, room: string, { messageSize, textSize }: Limits): Excess | undefined {
  // JSON needs at most three bytes for a UTF-16 unit, or six for one that it escapes. Short drafts are not encoded.
  if (draft.length * 3 <= textSize && draft.length * 6 + COMMAND_BYTES <= messageSize) return undefined;
  const size = bytes(draft);
  if (size > textSize) return { size, limit: textSize };
  const command = bytes(commandOf(draft, room));
  return command > messageSize ? { size: command, limit: messageSize } : undefined;
}

/** Returns the longest command that publishes the text. */
function commandOf(text: string, channel: string): string {
  const max = Number.MAX_SAFE_INTEGER;
  const data = { text, id: '0'.repeat(36), reply: max };
  return JSON.stringify({ publish: { channel, data }, id: max });
}

function bytes(text: string): number {
  return encoder.encode(text).length;
}
