// The server closes a connection that sends it too much at once. The page knows the limit and keeps
// the draft instead, where it can still be shortened.

/** What the server takes in one message, in bytes of UTF-8. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

const encoder = new TextEncoder();

/** The size of a draft that is too long, in bytes; nothing if it may be sent. */
export function excessiveSize(draft: string): number | undefined {
  // A UTF-16 unit becomes at most three bytes: short drafts, nearly all of them, need no encoding.
  if (draft.length * 3 <= MAX_MESSAGE_BYTES) return undefined;
  const size = encoder.encode(draft).length;
  return size > MAX_MESSAGE_BYTES ? size : undefined;
}
