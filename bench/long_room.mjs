// Measures how smoothly the page scrolls in a long room: node long_room.mjs URL [MESSAGES]
// A client sends all messages while the page is open, 500 at a time. Then the page is scrolled up, a ninetieth of its height
// a frame. Prints JSON.

import { once } from 'node:events';
import process from 'node:process';
import { WebSocket } from 'ws';
import { launch, median } from './browser.mjs';

const AT_ONCE = 500; // with more the server may close the page as a slow consumer
const FRAMES = 60;
const [url, count = '10000'] = process.argv.slice(2);
if (!url) throw new Error('the URL of the page is missing');

const text = (n) => `message ${n} ${'word '.repeat(n % 30)}`.trim();

async function fill(page) {
  const socket = new WebSocket(url.replace(/^http/, 'ws') + 'chat?room=lobby');
  await once(socket, 'open');
  const start = performance.now();
  for (let end = AT_ONCE; end <= Number(count); end += AT_ONCE) {
    for (let n = end - AT_ONCE; n < end; n += 1) socket.send(text(n));
    await page.locator('article').getByText(text(end - 1), { exact: true }).waitFor();
  }
  const took = performance.now() - start;
  socket.close();
  if (await page.locator('#not-recovered').isVisible()) throw new Error('the page lost its connection and missed messages');
  return took;
}

/** Runs in the page. Returns the times between frames, and the most messages that were drawn. */
async function scroll(log, frames) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const times = [];
  let drawn = 0;
  let last = await frame();
  for (let n = 0; n < frames; n += 1) {
    log.scrollTop -= log.scrollHeight / 90;
    const now = await frame();
    times.push(now - last);
    last = now;
    drawn = Math.max(drawn, log.querySelectorAll('article').length);
  }
  return { times, drawn };
}

const browser = await launch();
const page = await browser.newPage();
await page.addInitScript(() => localStorage.setItem('coroom.settings', JSON.stringify({ name: 'Ann', named: true })));
await page.goto(url);
await page.locator('#status[data-state=connected]').waitFor();
const read_ms = await fill(page);
const { times, drawn } = await page.locator('#contents').evaluate(scroll, FRAMES);
await browser.close();
console.log(JSON.stringify({ read_ms, frame_ms: median(times), longest_frame_ms: Math.max(...times), drawn }));
