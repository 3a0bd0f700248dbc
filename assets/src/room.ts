// Which room the page is in, and where its WebSocket is: both are read from the page's own address.

export const DEFAULT_ROOM = 'lobby';

export function roomName(search: string): string {
  return new URLSearchParams(search).get('room') || DEFAULT_ROOM;
}

/**
 * The page's query is passed on whole, so that whatever else the server asks for there arrives.
 * `chat` is looked up beside the page, so that it is found behind a proxy that adds a path as well.
 */
export function chatAddress(page: string): string {
  const address = new URL('chat', page);
  address.protocol = new URL(page).protocol === 'https:' ? 'wss:' : 'ws:';
  const query = new URLSearchParams(new URL(page).search);
  query.set('room', roomName(query.toString()));
  address.search = query.toString();
  return address.href;
}
