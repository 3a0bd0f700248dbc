import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HUES, SpeakerHues, shortLabel } from '../src/speaker';

test('the label is the part in which neighbours differ', () => {
  assert.equal(shortLabel('192.168.1.42'), '42');
  assert.equal(shortLabel('2001:db8::beef'), 'beef');
  assert.equal(shortLabel('::1'), '1');
  assert.equal(shortLabel('fe80::a1%eth0'), 'a1');
  assert.equal(shortLabel('2001:db8::'), 'db8');
  assert.equal(shortLabel('::'), '?');
});

test('a speaker keeps a colour, and it is the same on a page that met the same speakers', () => {
  const hues = new SpeakerHues();
  const first = hues.of('10.0.0.7');
  hues.of('10.0.0.8');
  assert.equal(hues.of('10.0.0.7'), first);
  assert.equal(new SpeakerHues().of('10.0.0.7'), first);
});

test('no two speakers share a colour while there is a free one', () => {
  const hues = new SpeakerHues();
  const taken = Array.from({ length: 2 * HUES }, (_, i) => hues.of(`192.168.1.${i + 1}`));
  assert.ok(taken.every((hue) => Number.isInteger(hue) && hue >= 0 && hue < HUES));
  assert.equal(new Set(taken.slice(0, HUES)).size, HUES);
  assert.equal(new Set(taken.slice(HUES)).size, HUES);
});

test('the first colours of the addresses of one network are spread', () => {
  const first = Array.from({ length: 254 }, (_, i) => new SpeakerHues().of(`192.168.1.${i + 1}`));
  assert.equal(new Set(first).size, HUES);
});

test('many speakers are no burden', () => {
  const hues = new SpeakerHues();
  for (let i = 0; i < 2_000; i += 1) assert.ok(hues.of(`2001:db8::${i.toString(16)}`) < HUES);
});
