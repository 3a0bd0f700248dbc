import { expect, test } from 'vitest';
import { baseOf, roomUrl, messageInUrl, roomInUrl, roomInInput, socketAddress } from '../src/net/address';
import { claimsOf } from '../src/net/token';
import { isRoomName } from '../src/text/room_name';

const base = baseOf('https://example.org/chat-0123456789ab.js');
const below = baseOf('https://example.org/talk/chat-0123456789ab.js?v=1');

/** Returns the room, or the fault. */
const room = (address: string, of = base): string => {
  const place = roomInUrl(new URL(address, of), of);
  return 'fault' in place ? `${place.fault}!` : place.room;
};

test('finds the room in both forms of an address', () => {
  expect(['/', '/index.html', '/?room=', '/?room=tea', '/r/tea', '/r/tea/', '/r/%E8%8C%B6%2F1?token=x'].map((one) => room(one))).toEqual([
    'lobby',
    'lobby',
    'lobby',
    'tea',
    'tea',
    'tea',
    '茶/1',
  ]);
  expect([room('/r/%'), room('/r/100%'), room('/r/a%2F/'), room('/r/a/b'), room('/r/r')]).toEqual(['%', '100%', 'a/', 'a/b', 'r']);
  expect([room('/talk/r/tea', below), room('/talk/?room=tea', below), room('/talk', below), room('/r/tea', below)]).toEqual([
    'tea',
    'tea',
    'lobby',
    'lobby',
  ]);
});

test('reports why an address has no room', () => {
  const long = 'x'.repeat(256);
  expect(
    ['/r', '/r/', '/r/%20', '/?room=%20', `/r/${long}`, `/?room=${long}`, '/r/typing:tea', '/?room=typing:'].map((one) => room(one)),
  ).toEqual(['empty!', 'empty!', 'empty!', 'empty!', 'long!', 'long!', 'reserved!', 'reserved!']);
  expect(['/r/%E4%BD', '/?room=%E4%BD', '/r/a%00', '/r/%E2%80%8B', '/r/lobby%E2%80%8B'].map((one) => room(one))).toEqual([
    'broken!',
    'broken!',
    'odd!',
    'odd!',
    'odd!',
  ]);
});

test('writes links in one form', () => {
  for (const name of ['tea', '茶 & milk', '#1', 'a/b?c', 'a/', '100%', '.', '..', '../lobby', 'r', '%41', 'lobby']) {
    const link = roomUrl(base, name, 42);
    expect([room(link), messageInUrl(new URL(link))], link).toEqual([name, 42]);
    expect(room(roomUrl(below, name), below)).toBe(name);
  }
  expect(roomUrl(base, 'lobby')).toBe('https://example.org/');
  expect([roomUrl(base, 'a b'), roomUrl(below, 'tea')]).toEqual(['https://example.org/r/a%20b', 'https://example.org/talk/r/tea']);
});

test('accepts a name or a link as input', () => {
  const written = (text: string, of = base): string => {
    const place = roomInInput(text, of);
    return 'fault' in place ? `${place.fault}!` : place.room;
  };
  for (const name of ['tea', '茶 & milk', 'a/b', '.', 'lobby', '100%', 'https://example.com/r/tea'])
    expect([written(`  ${name}`), written(roomUrl(base, name, 7)), written(roomUrl(below, name), below)]).toEqual([name, name, name]);
  expect([written(''), written('typing:x'), written('https://example.org/r/'), written('https://example.org/r/%E4%BD')]).toEqual([
    'empty!',
    'reserved!',
    'empty!',
    'broken!',
  ]);
  expect(written('https://example.org/?room=tea')).toBe('tea');
});

test('finds the message in a fragment', () => {
  expect(['', '#', '#1', '#0', '#x1', '#01', `#${'9'.repeat(30)}`].map((hash) => messageInUrl(new URL(hash, base)))).toEqual([
    undefined,
    undefined,
    1,
    0,
    0,
    0,
    0,
  ]);
});

test('rejects room names that look like others', () => {
  for (const name of ['lobby\u200b', 'lobby ', 'a  b', '\u3164', '\u202egnp', 'Zoe\u0308', 'a\u00a0b', 'a\u2028b', '\u0301', 'a\ud83d', '\u2800'])
    expect(isRoomName(name), JSON.stringify(name)).toBe(false);
  for (const name of ['a b', 'Zo\u00eb', '👩‍👩‍👧', '❤️', 'می‌خواهم', 'a|b', '100%']) expect(isRoomName(name)).toBe(true);
  expect([room('/r/Zoe%CC%88'), room('/?room=+lobby%C2%A0'), room('/r/a%E3%80%80b')]).toEqual(['Zo\u00eb', 'lobby', 'a b']);
});

test('puts the socket next to the page', () => {
  expect(socketAddress(base)).toBe('wss://example.org/connection/websocket');
  expect(socketAddress(baseOf('http://localhost:8000/chat.js'))).toBe('ws://localhost:8000/connection/websocket');
  expect(socketAddress(below)).toBe('wss://example.org/talk/connection/websocket');
});

test('limits room names to 255 bytes', () => {
  expect(['a', '茶'.repeat(85), '', 'a\n', '茶'.repeat(86), 'typing:a'].map(isRoomName)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('reads the claims of a token', () => {
  const token = (claims: object): string => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;
  expect(claimsOf(token({ sub: 'guest:1', info: { name: '小明' }, exp: 7 }))).toEqual({
    user: 'guest:1',
    name: '小明',
    expires: 7_000,
  });
  expect(claimsOf(token({}))).toEqual({ user: '', name: '', expires: Infinity });
  for (const nonsense of ['', 'x', 'a.b.c', token([])]) expect(claimsOf(nonsense).user).toBe('');
});
