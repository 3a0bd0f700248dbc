// The server refuses a message that is too long. The page knows the limit and keeps the draft, where it can still be
// shortened.

/** What the server takes as the text of a message, in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 16 * 1024;

const encoder = new TextEncoder();

/** The size of a draft that is too long, in bytes; nothing if it may be sent. */
export function excessiveSize(draft: string): number | undefined {
  // A UTF-16 unit becomes at most three bytes: short drafts, nearly all of them, need no encoding.
  if (draft.length * 3 <= MAX_TEXT_BYTES) return undefined;
  const size = encoder.encode(draft).length;
  return size > MAX_TEXT_BYTES ? size : undefined;
}
