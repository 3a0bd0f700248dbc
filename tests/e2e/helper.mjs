// Helpers of the tests: a server process, a browser, pages of the chat, and plain-text guests.
//
//   COROOM_BINARY       the server to test (needed)
//   COROOM_SCREENSHOTS  a folder for screenshots, which is created (without it none are taken)
//   COROOM_CHROMIUM     the browser (/usr/bin/chromium)
//   COROOM_SLOWDOWN     how many times slower the pages run (1): a test that passes at 8 does not depend on a race

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { after } from 'node:test';
import { chromium } from 'playwright-core';
import { WebSocket } from 'ws';

/** The address in the server's output. The tests read nothing else of it. */
const START_LINE = /(http|ws)(s?):\/\/(?:127\.0\.0\.1|localhost):(\d+)\//;

/** Long enough for a busy machine. Successful tests do not wait this long. */
export const TIMEOUT_MS = 15_000;

/**
  * Starts the server, and stops it when the test ends; it must exit with status 0. Guests have no rate limit unless
  * `args` set one, because tests send more than people.
  * @param {{ port?: number, args?: string[] }} options with port 0 the server chooses one
 */
export function startServer(t, { port = 0, args = [] } = {}) {
  const binary = process.env.COROOM_BINARY;
  assert.ok(binary, 'COROOM_BINARY names no server');
  return startProgram(t, path.resolve(binary), ['--port', String(port), ...args]);
}

/** Starts any program that prints the address at which it listens. */
export async function startProgram(t, binary, args = []) {
  const server = new Server(binary, args);
  t.after(() => server.stop());
  await server.started();
  return server;
}

class Server {
  #child;
  #exited;
  #output = '';
  #stopped = false;

  constructor(binary, args) {
    // The server reads settings from the environment, of which tests must inherit none.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COROOM_')));
    env.COROOM_GUEST_RATE = '0'; // flags take precedence
    this.#child = spawn(binary, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exited = once(this.#child, 'exit');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        this.#output += text;
        this.#child.emit('output');
      });
    }
  }

  /** Waits until the server prints its address. */
  started() {
    return new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`the server did not start: ${why}\n${this.#output}`));
      const timer = setTimeout(() => fail('it says no address'), TIMEOUT_MS);
      this.#exited.then(([status]) => fail(`it ended with ${status}`), fail).finally(() => clearTimeout(timer));
      this.#child.on('output', () => {
        const [line, , secure, port] = START_LINE.exec(this.#output) ?? [];
        if (!line) return;
        clearTimeout(timer);
        this.port = Number(port);
        this.host = `127.0.0.1:${port}`;
        this.url = `http${secure}://${this.host}/`;
        resolve();
      });
    });
  }

  /** Waits until the output matches. */
  async wrote(pattern) {
    const late = AbortSignal.timeout(TIMEOUT_MS);
    while (!pattern.test(this.#output)) await once(this.#child, 'output', { signal: late });
  }

  async stop() {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#child.kill('SIGTERM');
    const forced = setTimeout(() => this.#child.kill('SIGKILL'), TIMEOUT_MS);
    const [status, signal] = await this.#exited;
    clearTimeout(forced);
    assert.deepEqual(
      { status, signal },
      { status: 0, signal: null },
      `the server did not stop cleanly:\n${this.#output}`,
    );
  }

  /** Kills the server, which is not stopped any more. */
  async kill() {
    this.#stopped = true;
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}

/** Launches a browser with an empty profile of its own. */
function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.COROOM_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox', // root, as in most containers, cannot use the sandbox
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      // The tests need no other host, and a machine may have no network.
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** Launches a browser for the tests of a file, and closes it after the last one. */
export async function useBrowser() {
  const browser = await launchBrowser();
  after(() => browser.close());
  return browser;
}

/**
  * Opens a page in a browser context of its own, and closes it when the test ends. An uncaught error of the page, or a
  * violation of the Content-Security-Policy, fails the test.
 */
export async function openPage(t, browser, url, contextOptions = {}) {
  const context = await browser.newContext({ locale: 'en-US', ...contextOptions });
  context.setDefaultTimeout(TIMEOUT_MS);
  const page = await context.newPage();
  await slowDown(page);
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) faults.push(message.text());
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(faults, []);
  });
  if (url) await page.goto(url);
  return page;
}

async function slowDown(page) {
  const rate = Number(process.env.COROOM_SLOWDOWN ?? 1);
  if (rate === 1) return;
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
}

/** Sets the settings of a visit, as the page stores them, unless there are some. */
export function settle(page, settings) {
  return page.addInitScript((kept) => {
    if (!localStorage.getItem('coroom.settings')) localStorage.setItem('coroom.settings', JSON.stringify(kept));
  }, settings);
}

/** Opens the server's page, connected, for a user that has a name and has been there before. */
export async function openChat(t, browser, server, { room, name = 'Ann', settings = {}, ...contextOptions } = {}) {
  const page = await openPage(t, browser, undefined, contextOptions);
  await settle(page, { name, named: true, ...settings });
  await page.goto(room ? `${server.url}r/${encodeURIComponent(room)}` : server.url);
  await isIn(page);
  return page;
}

/** Opens the same over a connection that the test controls: `stand` gets the page's end of it, and the server's. */
export async function openWatched(t, browser, server, stand) {
  const page = await openPage(t, browser);
  await settle(page, { name: 'Ann', named: true });
  await page.routeWebSocket(/websocket/, (socket) => stand(socket, socket.connectToServer()));
  await page.goto(server.url);
  await isIn(page);
  return page;
}

/** Opens the same. While `refuse(true)` holds, publications are rejected with this error. */
export async function openRefusable(t, browser, server, error = { code: 103, message: 'no' }) {
  let isRefused = false;
  const page = await openWatched(t, browser, server, (socket, far) =>
    socket.onMessage((frame) => {
      const command = JSON.parse(String(frame).split('\n')[0]);
      if (command.publish && isRefused) socket.send(JSON.stringify({ id: command.id, error }));
      else far.send(frame);
    }),
  );
  return {
    page,
    refuse(wanted) {
      isRefused = wanted;
    },
  };
}

/** Opens another tab of the same browser. */
export async function openTab(page, url) {
  const tab = await page.context().newPage();
  await tab.goto(url ?? page.url());
  await isIn(tab);
  return tab;
}

/** Waits until the page is connected, in the room, and has loaded its history. */
export async function isIn(page) {
  await stateIs(page, 'connected');
  await page.waitForFunction(() => {
    const count = document.querySelector('#members li, #open-people .count');
    return count && count.textContent !== '0';
  });
}

export function stateIs(page, state) {
  return page.locator(`#status[data-state="${state}"]`).waitFor({ timeout: 2 * TIMEOUT_MS });
}

/** Writes a message as a user does; on a phone the button sends. */
export async function say(page, message) {
  await page.locator('#msg').fill(message);
  if (await page.evaluate(() => matchMedia('(hover: none)').matches)) await page.locator('#send').tap();
  else await page.locator('#msg').press('Enter');
}

/** Returns the texts of all messages on the page, in order. */
export function saidOn(page) {
  return page.locator('[data-kind="say"] .text').allTextContents();
}

/** Waits for a number of people in the room, by the list, or by the count on a small screen. */
export async function peopleAre(page, count) {
  await page.waitForFunction((expected) => {
    const counted = document.querySelector('#open-people .count');
    const people = counted ? Number(counted.textContent) : document.querySelectorAll('#members li').length;
    return people === expected;
  }, count);
}

/** Returns the message with this text. */
export function messageOf(page, text) {
  return page.locator('[data-kind="say"]', { has: page.locator('.text', { hasText: text }) });
}

/** Scrolls up, while older messages are loaded, until the element is there. */
export async function goUpTo(page, locator) {
  const upwards = async () => {
    await page.locator('#contents').press('Home');
    return locator.waitFor({ timeout: 200 }).then(
      () => true,
      () => false,
    );
  };
  for (const end = Date.now() + TIMEOUT_MS; !(await upwards()); ) assert.ok(Date.now() < end, 'it is not there');
}

/** Chooses an entry in a message's menu. */
export async function choose(page, text, label) {
  await messageOf(page, text).hover();
  await messageOf(page, text).locator('.menu-button').click();
  await page.getByRole('menuitem', { name: label }).click();
}

/** Waits for a number of rows of a kind on the screen. All rows are drawn only while they are few. */
export async function linesAre(page, kind, count) {
  await page.waitForFunction(
    ([selector, expected]) => document.querySelectorAll(selector).length === expected,
    [`#contents [data-kind="${kind}"]`, count],
  );
}

/** Waits until the server has accepted all messages of this page. */
export async function allSent(page) {
  await page.waitForFunction(() => !document.querySelector('[data-delivery="pending"]'));
}

/** Waits for these messages. A failure shows the messages that there are. */
export async function saidIs(page, expected) {
  await page
    .waitForFunction((texts) => {
      const there = [...document.querySelectorAll('[data-kind="say"] .text')].map((one) => one.textContent);
      return there.length === texts.length && there.every((text, n) => text === texts[n]);
    }, expected)
    .catch(() => {});
  assert.deepEqual(await saidOn(page), expected);
}

/** Waits for this text in the message field. */
export function draftIs(page, text) {
  return page.waitForFunction((expected) => document.querySelector('#msg').value === expected, text);
}

export async function screenshot(page, name) {
  const folder = process.env.COROOM_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
}

/**
  * Joins a room by plain text, without a browser.
  * @param localAddress an address of the loopback network: guests with different addresses have different names
 */
export async function enterAsGuest(t, server, { room = 'lobby', localAddress = '127.0.0.1' } = {}) {
  const socket = new WebSocket(`ws://${server.host}/chat?room=${encodeURIComponent(room)}`, { localAddress });
  t.after(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}
