// What of a draft is said.

/** Nothing that can be seen, or heard by a screen reader. */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]/u;

export function isBlank(draft: string): boolean {
  return !VISIBLE.test(draft);
}

/** Without empty lines before and behind it; how the first line is indented stays. */
export function tidied(draft: string): string {
  const text = draft.trimEnd();
  const first = text.search(/\S/);
  return text.slice(text.lastIndexOf('\n', Math.max(0, first)) + 1);
}
