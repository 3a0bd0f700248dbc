// The server refuses what is too long, and ends the connection over a message that is far too long. It says its limits
// when the page connects, and the page keeps such a draft, where it can still be shortened.

export interface Limits {
  /** Of a message of the WebSocket, which is one command here, in bytes. */
  readonly messageSize: number;
  /** Of the text of what is said, in bytes of UTF-8. */
  readonly textSize: number;
}

/** Of a server that says none. */
export const DEFAULT_LIMITS: Limits = { messageSize: 64 * 1024, textSize: 16 * 1024 };

export interface Excess {
  readonly size: number;
  readonly most: number;
}

/** A command is longer than its text by this at most, in bytes: its id, its room, and what it answers. */
const COMMAND_BYTES = 1_800;

const encoder = new TextEncoder();

/** What is too much of a draft, in bytes; nothing if it may be sent. */
export function excessOf(draft: string, room: string, { messageSize, textSize }: Limits): Excess | undefined {
  // A UTF-16 unit becomes at most three bytes, and six where JSON escapes it: short drafts need no encoding.
  if (draft.length * 3 <= textSize && draft.length * 6 + COMMAND_BYTES <= messageSize) return undefined;
  const size = bytes(draft);
  if (size > textSize) return { size, most: textSize };
  const command = bytes(commandOf(draft, room));
  return command > messageSize ? { size: command, most: messageSize } : undefined;
}

/** The longest of those that say it. */
function commandOf(text: string, channel: string): string {
  const most = Number.MAX_SAFE_INTEGER;
  const data = { text, id: '0'.repeat(36), reply: most };
  return JSON.stringify({ publish: { channel, data }, id: most });
}

function bytes(text: string): number {
  return encoder.encode(text).length;
}
