import { expect, test } from 'vitest';
import { Draft, DraftMemory, type Written } from '../src/model/drafts';
import { browserStore, type Store } from '../src/model/storage';

const empty = (): Store =>
  browserStore(() => {
    throw new Error('forbidden');
  });

/** A browser with tabs, which are notified of each other's changes. */
class Browser {
  readonly all = empty();
  readonly tabs: Draft[] = [];

  open(own = empty(), room = 'tea'): Draft {
    const tab = new Draft(room, new DraftMemory(this.all, own));
    this.tabs.push(tab);
    return tab;
  }

  type(tab: Draft, some: Partial<Written>): string[] {
    tab.set(some);
    for (const other of this.tabs) if (other !== tab) other.follow();
    return this.tabs.map(({ text }) => text);
  }
}

test('restores the draft and reply of each room', () => {
  const browser = new Browser();
  const tab = browser.open();
  tab.set({ reply: 7, epoch: 'e' });
  tab.set({ text: 'half a tho' });
  browser.open(empty(), '__proto__').set({ text: 'odd' });
  const again = browser.open();
  expect([again.text, again.reply, again.epoch]).toEqual(['half a tho', 7, 'e']);
  expect(browser.open(empty(), 'milk').text).toBe('');
  again.set({ text: '', reply: undefined });
  expect(browser.open().text).toBe('');
});

test('shows the draft of another tab', () => {
  const browser = new Browser();
  const [one, other] = [browser.open(), browser.open()];
  expect(browser.type(one, { text: 'a' })).toEqual(['a', 'a']);
  browser.type(one, { reply: 3, epoch: 'e' });
  expect(other.reply).toBe(3);
  expect(browser.type(one, { text: '', reply: undefined })).toEqual(['', '']);
  expect(other.reply).toBeUndefined();
});

test('keeps the draft that was typed in this tab', () => {
  const browser = new Browser();
  const [own, others] = [empty(), empty()];
  const [one, other] = [browser.open(own), browser.open(others)];
  browser.type(one, { text: 'from one' });
  expect(browser.type(other, { text: 'of the other' })).toEqual(['from one', 'of the other']);
  // Each tab has its own draft after a reload, whichever was typed last.
  expect([browser.open(own).text, browser.open(others).text]).toEqual(['from one', 'of the other']);
  // The other tab sends its draft. This one keeps its own, and shows it in a new tab too.
  expect(browser.type(other, { text: '' })[0]).toBe('from one');
  expect(browser.open().text).toBe('from one');
});

test('keeps a draft when another tab sends', () => {
  const browser = new Browser();
  const [one, other] = [browser.open(), browser.open()];
  browser.type(one, { text: 'first' });
  browser.type(other, { text: 'second' });
  browser.type(one, { text: '' });
  expect([other.text, browser.open().text]).toEqual(['second', 'second']);
});

test('follows a draft that another tab continues', () => {
  const browser = new Browser();
  const [one, other] = [browser.open(), browser.open()];
  browser.type(one, { text: 'half' });
  expect(browser.type(other, { text: 'half a thought' })).toEqual(['half a thought', 'half a thought']);
  expect(browser.type(other, { text: 'half a' })).toEqual(['half a', 'half a']);
  expect(browser.type(other, { text: '' })).toEqual(['', '']);
  browser.type(one, { text: 'typed here' });
  expect(browser.type(other, { text: '' })).toEqual(['', '']); // sent without a change
});

test('ignores stored values that are no draft', () => {
  const browser = new Browser();
  const nonsense = { a: 7, b: 'x'.repeat(2_000_000), c: { text: 7, reply: 'x' }, d: { text: 'd', reply: -1, epoch: 1 } };
  browser.all.setItem('coroom.drafts', JSON.stringify(nonsense));
  const drafts = ['a', 'b', 'c', 'd', 'constructor'].map((room) => browser.open(empty(), room));
  expect(drafts.map(({ text, reply }) => [text, reply])).toEqual([
    ['', undefined],
    ['', undefined],
    ['', undefined],
    ['d', undefined],
    ['', undefined],
  ]);
});
