// Where the page is, which room its address names, and how a link to one looks.

import { nameFault, tidyRoomName, type NameFault } from '../text/room_name';

export const DEFAULT_ROOM = 'lobby';

/** What an address names. `broken`: its escapes are no text, as after a cut. */
export type Place = { readonly room: string } | { readonly fault: NameFault | 'broken' };

/**
 * What lies beside the page: the folder that its script came from. A page at /r/NAME is not in a folder of its own.
 */
export function baseOf(script: string): URL {
  return new URL('.', script);
}

/** `/r/NAME` or `/?room=NAME`; the page itself is the default room. */
export function placeAt(address: URL, base: URL): Place {
  const path = address.pathname.slice(base.pathname.length);
  const isInPath = address.pathname.startsWith(base.pathname) && /^r(\/|$)/.test(path);
  const named = isInPath ? decoded(path.slice(2).replace(/\/$/, '')) : address.searchParams.get('room');
  if (!isInPath && !named) return { room: DEFAULT_ROOM };
  if (named === undefined || named === null || named.includes('\ufffd')) return { fault: 'broken' };
  return placeOf(tidyRoomName(named));
}

/** What somebody writes to open a room: its name, or a link to it that was passed on. */
export function placeWritten(text: string, base: URL): Place {
  const name = tidyRoomName(text);
  if (name.startsWith(base.href) && URL.canParse(name)) return placeAt(new URL(name), base);
  return placeOf(name);
}

/** The message that a link names, `#42`; 0 if what stands there is no message. */
export function messageAt(address: URL): number | undefined {
  if (address.hash === '') return undefined;
  return Number(/^#([1-9]\d{0,14})$/.exec(address.hash)?.[1] ?? 0);
}

/** The one form that the page itself uses. */
export function linkTo(base: URL, room: string, message?: number): string {
  const url = new URL(base);
  // A path has no parts with these names.
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

function placeOf(name: string): Place {
  const fault = nameFault(name);
  return fault === undefined ? { room: name } : { fault };
}

/** A percent sign that begins no escape stands for itself. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, '%25'));
  } catch {
    return undefined;
  }
}
