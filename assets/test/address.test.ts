import { expect, test } from 'vitest';
import { baseOf, linkTo, messageAt, roomAt, socketAddress } from '../src/net/address';
import { claimsOf } from '../src/net/guest';
import { isRoomName } from '../src/text/room_name';

const base = baseOf('https://example.org/chat-0123456789ab.js');
const below = baseOf('https://example.org/talk/chat-0123456789ab.js?v=1');

test('the room is in the address, by either way', () => {
  const room = (address: string, of = base): string => roomAt(new URL(address, of), of);
  expect([
    room('/'),
    room('/?room='),
    room('/?room=tea'),
    room('/r/tea'),
    room('/r/%E8%8C%B6%2F1?token=x'),
    room('/r/%'),
    room('/r/typing:tea'),
    room(`/?room=${'x'.repeat(256)}`),
  ]).toEqual(['lobby', 'lobby', 'tea', 'tea', '茶/1', 'lobby', 'lobby', 'lobby']);
  expect([room('/talk/r/tea', below), room('/talk/?room=tea', below), room('/r/tea', below)]).toEqual([
    'tea',
    'tea',
    'lobby',
  ]);
});

test('links lead back to the room and the message', () => {
  for (const name of ['tea', '茶 & milk', '#1', 'a/b?c']) {
    const link = new URL(linkTo(base, name, 42));
    expect([roomAt(link, base), messageAt(link)]).toEqual([name, 42]);
  }
  expect(linkTo(base, 'lobby')).toBe('https://example.org/');
  expect(messageAt(new URL('https://example.org/#x1'))).toBeUndefined();
});

test('names of rooms are what they look like', () => {
  for (const name of ['lobby\u200b', 'lobby ', 'a  b', '\u3164', '\u202egnp', 'Zoe\u0308', 'a\u00a0b', 'a\u2028b', '\u0301', 'a\ud83d', '\u2800'])
    expect(isRoomName(name), JSON.stringify(name)).toBe(false);
  for (const name of ['a b', 'Zo\u00eb', '👩‍👩‍👧', '❤️', 'می‌خواهم', 'a|b', '100%']) expect(isRoomName(name)).toBe(true);
  const room = (address: string): string => roomAt(new URL(address, base), base);
  expect([room('/r/Zoe%CC%88'), room('/?room=+lobby%C2%A0'), room('/r/a%E3%80%80b')]).toEqual(['Zo\u00eb', 'lobby', 'a b']);
});

test('the socket is beside the page', () => {
  expect(socketAddress(base)).toBe('wss://example.org/connection/websocket');
  expect(socketAddress(baseOf('http://localhost:8000/chat.js'))).toBe('ws://localhost:8000/connection/websocket');
  expect(socketAddress(below)).toBe('wss://example.org/talk/connection/websocket');
});

test('a room’s name has 1 to 255 bytes and no controls', () => {
  expect(['a', '茶'.repeat(85), '', 'a\n', '茶'.repeat(86), 'typing:a'].map(isRoomName)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('a token says who it is of, and nonsense says nobody', () => {
  const token = (claims: object): string => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;
  expect(claimsOf(token({ sub: 'guest:1', info: { name: '小明' }, exp: 7 }))).toEqual({
    user: 'guest:1',
    name: '小明',
    expires: 7_000,
  });
  expect(claimsOf(token({}))).toEqual({ user: '', name: '', expires: Infinity });
  for (const nonsense of ['', 'x', 'a.b.c', token([])]) expect(claimsOf(nonsense).user).toBe('');
});
