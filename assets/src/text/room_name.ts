// The server's rule for the names of rooms, so that the page requests no room that the server rejects.

/** Invisible characters, except those that join emoji and letters, which the server checks more closely. */
const UNSEEN = /(?![\u200c\u200d\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** `reserved`: `typing:` starts the names of other channels. `odd`: invisible or not normalised characters. */
export type NameFault = 'empty' | 'long' | 'reserved' | 'odd';

/** Returns why no room can have this name: docs/protocol.md. */
export function nameFault(name: string): NameFault | undefined {
  if (name === '') return 'empty';
  if (name.startsWith('typing:')) return 'reserved';
  if (new TextEncoder().encode(name).length > 255) return 'long';
  return name === tidyRoomName(name) && /[^\p{M}]/u.test(name) && !UNSEEN.test(name) ? undefined : 'odd';
}

export function isRoomName(name: string): boolean {
  return nameFault(name) === undefined;
}

/** Returns the normalised form of a name that a user has typed. */
export function tidyRoomName(name: string): string {
  return name.normalize().replace(/\p{Zs}+/gu, ' ').trim();
}
