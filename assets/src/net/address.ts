// Where the page is, which room its address names, and how a link to one looks.

import { isRoomName, tidyRoomName } from '../text/room_name';

export const DEFAULT_ROOM = 'lobby';

/**
 * What lies beside the page: the folder that its script came from. A page at /r/NAME is not in a folder of its own.
 */
export function baseOf(script: string): URL {
  return new URL('.', script);
}

/** `/?room=NAME` or `/r/NAME`; what names no room is as nothing. */
export function roomAt(address: URL, base: URL): string {
  const inPath = address.pathname.startsWith(`${base.pathname}r/`)
    ? address.pathname.slice(base.pathname.length + 2)
    : '';
  const name = tidyRoomName(decoded(inPath) || address.searchParams.get('room') || '');
  return isRoomName(name) ? name : DEFAULT_ROOM;
}

/** The message that a link names: `#42`. */
export function messageAt(address: URL): number | undefined {
  const offset = /^#([1-9]\d{0,15})$/.exec(address.hash)?.[1];
  return offset === undefined ? undefined : Number(offset);
}

export function linkTo(base: URL, room: string, message?: number): string {
  const url = new URL(base);
  if (room !== DEFAULT_ROOM) url.searchParams.set('room', room);
  if (message !== undefined) url.hash = String(message);
  return url.href;
}

export function socketAddress(base: URL): string {
  const url = new URL('connection/websocket', base);
  url.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // a lone percent sign
  }
}
