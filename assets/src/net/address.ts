// The addresses of the page, its rooms and messages, and the server's WebSocket.

import { nameFault, tidyRoomName, type NameFault } from '../text/room_name';

export const DEFAULT_ROOM = 'lobby';

/** The room in an address, or why there is none. `broken`: the escapes are not UTF-8, for example after a cut. */
export type RoomResult = { readonly room: string } | { readonly fault: NameFault | 'broken' };

/** Returns the folder of the page's script. The page itself may be at /r/NAME, which is not a folder. */
export function baseOf(script: string): URL {
  return new URL('.', script);
}

/** Accepts `/r/NAME` and `/?room=NAME`. The page's own address is the default room. */
export function roomInUrl(address: URL, base: URL): RoomResult {
  const path = address.pathname.slice(base.pathname.length);
  const isInPath = address.pathname.startsWith(base.pathname) && /^r(\/|$)/.test(path);
  const name = isInPath ? decoded(path.slice(2).replace(/\/$/, '')) : address.searchParams.get('room');
  if (!isInPath && !name) return { room: DEFAULT_ROOM };
  if (name === undefined || name === null || name.includes('\ufffd')) return { fault: 'broken' };
  return resultOf(tidyRoomName(name));
}

/** Accepts a room's name, or a link to the room. */
export function roomInInput(text: string, base: URL): RoomResult {
  const name = tidyRoomName(text);
  if (name.startsWith(base.href) && URL.canParse(name)) return roomInUrl(new URL(name), base);
  return resultOf(name);
}

/** Returns the message in a link, as in `#42`; 0 if the fragment is not a message. */
export function messageInUrl(address: URL): number | undefined {
  if (address.hash === '') return undefined;
  return Number(/^#([1-9]\d{0,14})$/.exec(address.hash)?.[1] ?? 0);
}

/** Returns the address of a room or message, in the only form that the page writes. */
export function roomUrl(base: URL, room: string, message?: number): string {
  const url = new URL(base);
  // Browsers remove these names from a path.
  if (/^\.\.?$/.test(room)) url.searchParams.set('room', room);
  else if (room !== DEFAULT_ROOM) url.pathname += `r/${encodeURIComponent(room)}`;
  if (message !== undefined) url.hash = String(message);
  return url.href;
}

export function socketAddress(base: URL): string {
  const url = new URL('connection/websocket', base);
  url.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

function resultOf(name: string): RoomResult {
  const fault = nameFault(name);
  return fault === undefined ? { room: name } : { fault };
}

/** A percent sign that starts no escape is an ordinary character. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, '%25'));
  } catch {
    return undefined;
  }
}
