// The part of a draft that is sent.

/** A visible character. */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]/u;

export function isBlank(draft: string): boolean {
  return !VISIBLE.test(draft);
}

/** Removes empty lines before and after the text. The indentation of the first line stays. */
export function tidied(draft: string): string {
  const text = draft.trimEnd();
  const first = text.search(/\S/);
  return text.slice(text.lastIndexOf('\n', Math.max(0, first)) + 1);
}
