// Measures the time until a first visitor of the page can type a message: node first_visit.mjs URL [VISITS]
// Prints the medians as JSON.

import process from 'node:process';
import { launch, median } from './browser.mjs';

const [url, visits = '5'] = process.argv.slice(2);
if (!url) throw new Error('the URL of the page is missing');

/** Runs in the page, before its own scripts. */
function watch() {
  const at = { interactive: undefined, connected: undefined };
  window.coroomTimes = at;
  new MutationObserver((_changes, observer) => {
    if (at.interactive === undefined && document.querySelector('#msg')) {
      at.interactive = 0; // replaced once the frame has been drawn
      requestAnimationFrame(() => setTimeout(() => (at.interactive = performance.now())));
    }
    if (document.querySelector('#status[data-state=connected]')) {
      at.connected = performance.now();
      observer.disconnect();
    }
  }).observe(document, { childList: true, subtree: true, attributes: true });
}

async function visit(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(url);
  await page.waitForFunction(() => window.coroomTimes.interactive && window.coroomTimes.connected);
  const figures = await page.evaluate(() => ({
    interactive_ms: window.coroomTimes.interactive,
    connected_ms: window.coroomTimes.connected,
    bytes: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .filter(({ initiatorType }) => initiatorType !== 'fetch')
      .reduce((sum, { transferSize }) => sum + transferSize, 0),
  }));
  await context.close();
  return figures;
}

const browser = await launch();
const runs = [];
for (let n = 0; n < Number(visits); n += 1) runs.push(await visit(browser));
await browser.close();
console.log(
  JSON.stringify(Object.fromEntries(Object.keys(runs[0]).map((key) => [key, median(runs.map((run) => run[key]))]))),
);
