// Contrast themes of the system, in which lines replace colours.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startNamed, subscribe } from './centrifuge_helper.mjs';
import { messageOf, openChat, peopleAre, screenshot, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();

/** Returns the pixels of a part of an element, without its surroundings. */
async function drawn(page, locator, { left = 0, top = 0, width, height }) {
  const box = await locator.boundingBox();
  return page.screenshot({ clip: { x: box.x + left, y: box.y + top, width, height }, animations: 'disabled' });
}

/** Returns the pixels of a box, so that two boxes can be compared. */
async function styleOf(locator, names, pseudo) {
  return locator.evaluate(
    (element, [which, part]) => which.map((name) => getComputedStyle(element, part).getPropertyValue(name)).join(' '),
    [names, pseudo],
  );
}

for (const colorScheme of ['light', 'dark']) {
  test(`marks own content in a ${colorScheme} contrast theme`, async (t) => {
    const server = await startServer(t);
    const page = await openChat(t, browser, server, { name: 'Ann', forcedColors: 'active', colorScheme, room: 'tea' });
    const bob = await subscribe(await startNamed(t, server, 'Bob'), 'tea');
    const cy = await startNamed(t, server, 'Cy');
    const room = await subscribe(cy, 'tea');
    for (const text of ['hi @Ann', 'hi @Cy', 'hi all']) await bob.publish({ text, id: text });
    await messageOf(page, 'hi all').waitFor();
    const { offset } = await room.history({ limit: 0 });
    await room.publish({ react: offset, emoji: '👍', on: true });
    await messageOf(page, 'hi all').locator('.reaction').first().waitFor();
    await page.locator('#msg').hover();

    const edge = (text) => drawn(page, messageOf(page, text), { top: 4, width: 6, height: 16 });
    assert.notDeepEqual(await edge('hi @Ann'), await edge('hi @Cy'), 'a message that names the reader');
    assert.deepEqual(await edge('hi @Cy'), await edge('hi all'));

    const reaction = messageOf(page, 'hi all').locator('.reaction').first();
    const before = await styleOf(reaction, ['background-color', 'color']);
    await reaction.click();
    await messageOf(page, 'hi all').locator('[aria-pressed=true]').waitFor();
    assert.notEqual(await styleOf(reaction, ['background-color', 'color']), before, 'a reaction of one’s own');

    await page.getByLabel('Room name').fill('other');
    await page.getByLabel('Room name').press('Enter');
    await page.locator('#room').getByText('other').waitFor();
    const [current, another] = ['other', 'tea'].map((name) => page.locator('.rooms .entry', { hasText: name }).first());
    const looks = ['background-color'];
    assert.notEqual(await styleOf(current, looks), await styleOf(another, looks), 'the current room');
    await another.click();

    cy.disconnect();
    await peopleAre(page, 2);
    const [here, away] = ['here', 'away'].map((state) => page.locator(`[data-presence=${state}] .avatar`).first());
    assert.notEqual(
      await styleOf(here, looks, '::after'),
      await styleOf(away, looks, '::after').catch(() => ''),
      'who is here',
    );
    await screenshot(page, `forced-${colorScheme}`);
  });
}
