import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChatLine } from '../src/chat_line';

const at = { date: '2024-02-29', time: '08:05:09' };

test('an entering and a leaving line name who and when', () => {
  assert.deepEqual(parseChatLine('[10.0.0.7]-[2024-02-29 08:05:09]-进入聊天室'), {
    kind: 'enter',
    address: '10.0.0.7',
    at,
  });
  assert.deepEqual(parseChatLine('[10.0.0.7]-[2024-02-29 08:05:09]-离开聊天室'), {
    kind: 'leave',
    address: '10.0.0.7',
    at,
  });
});

test('a message is everything after the full-width colon', () => {
  const cases = ['', 'hello', '两行\n第二行', ' spaces ', '说：再说', '\r\n\u2028\u0000', '😀', '进入聊天室'];
  for (const message of cases) {
    const line = parseChatLine(`[127.0.0.1]-[2024-02-29 08:05:09]-说：${message}`);
    assert.deepEqual(line, { kind: 'say', address: '127.0.0.1', at, message });
  }
});

test('a message that quotes a line of the chat stays a message of who said it', () => {
  const forged = 'x\n[10.0.0.9]-[2024-02-29 08:05:10]-说：not me';
  const line = parseChatLine(`[10.0.0.7]-[2024-02-29 08:05:09]-说：${forged}`);
  assert.deepEqual(line, { kind: 'say', address: '10.0.0.7', at, message: forged });
});

test('addresses may be IPv6, with a zone', () => {
  for (const address of ['::1', '2001:db8::42', '::ffff:10.0.0.7', 'fe80::1%eth0']) {
    const line = parseChatLine(`[${address}]-[2024-02-29 08:05:09]-进入聊天室`);
    assert.deepEqual(line, { kind: 'enter', address, at });
  }
});

test('what is in no known form comes back as it is', () => {
  const cases = [
    '',
    'hello',
    '[10.0.0.7]-[2024-02-29 08:05:09]-进入聊天室 ',
    ' [10.0.0.7]-[2024-02-29 08:05:09]-进入聊天室',
    '[10.0.0.7]-[2024-02-29 08:05:09]-说:half-width colon',
    '[10.0.0.7]-[2024-02-29 08:05]-进入聊天室',
    '[10.0.0.7]-[2023-02-29 08:05:09]-进入聊天室',
    '[10.0.0.7]-[2024-13-01 08:05:09]-进入聊天室',
    '[10.0.0.7]-[2024-02-29 24:05:09]-进入聊天室',
    '[10.0.0.777]-[2024-02-29 08:05:09]-进入聊天室',
    '[10.0.7]-[2024-02-29 08:05:09]-进入聊天室',
    '[]-[2024-02-29 08:05:09]-进入聊天室',
    '[host]-[2024-02-29 08:05:09]-进入聊天室',
    '[10.0.0.7]-[2024-02-29 08:05:09]-跳舞',
    '{"type":"message"}',
  ];
  for (const text of cases) assert.deepEqual(parseChatLine(text), { kind: 'other', text });
});
