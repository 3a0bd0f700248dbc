import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chatAddress, roomName } from '../src/room';

test('the room is the one in the query, or the lobby', () => {
  assert.equal(roomName(''), 'lobby');
  assert.equal(roomName('?room='), 'lobby');
  assert.equal(roomName('?room=kitchen'), 'kitchen');
  assert.equal(roomName('?room=%E5%8E%A8%E6%88%BF&room=other'), '厨房');
});

test('the WebSocket is beside the page and as secret as the page', () => {
  assert.equal(chatAddress('http://localhost:8000/'), 'ws://localhost:8000/chat?room=lobby');
  assert.equal(chatAddress('https://example.org/'), 'wss://example.org/chat?room=lobby');
  assert.equal(chatAddress('https://example.org/talk/'), 'wss://example.org/talk/chat?room=lobby');
});

test('the query goes along, the fragment does not', () => {
  assert.equal(chatAddress('http://[::1]:8000/?room=a%20b&token=t#x'), 'ws://[::1]:8000/chat?room=a+b&token=t');
});
