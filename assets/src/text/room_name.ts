// What a room may be called: the server's own rule, so that the page asks for no room that is refused.

/** What can't be seen, but for what joins emoji and letters: there the server looks closer. */
const UNSEEN = /(?![\u200c\u200d\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** `reserved`: channels of `typing:` hold no talk. `odd`: characters that can't be seen, or are not written so. */
export type NameFault = 'empty' | 'long' | 'reserved' | 'odd';

/** Why no room has this name: names are what they look like, docs/protocol.md. */
export function nameFault(name: string): NameFault | undefined {
  if (name === '') return 'empty';
  if (name.startsWith('typing:')) return 'reserved';
  if (new TextEncoder().encode(name).length > 255) return 'long';
  return name === tidyRoomName(name) && /[^\p{M}]/u.test(name) && !UNSEEN.test(name) ? undefined : 'odd';
}

export function isRoomName(name: string): boolean {
  return nameFault(name) === undefined;
}

/** As the server has a name that somebody has written a little otherwise. */
export function tidyRoomName(name: string): string {
  return name.normalize().replace(/\p{Zs}+/gu, ' ').trim();
}
