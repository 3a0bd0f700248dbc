import { expect, test } from 'vitest';
import { baseOf, isRoomName, linkTo, messageAt, roomAt, socketAddress } from '../src/net/address';
import { claimsOf } from '../src/net/guest';

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
