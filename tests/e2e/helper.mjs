// What the tests share: a server process, a browser, pages of the chat, and guests that are no browser.
//
//   COROOM_BINARY       the server to test (needed)
//   COROOM_SCREENSHOTS  a folder for screenshots, made if it is not there (without it none are taken)
//   COROOM_CHROMIUM     the browser (/usr/bin/chromium)
//   COROOM_SLOWDOWN     how many times slower the pages run (1): what passes at 8 does not hang on a race

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { after } from 'node:test';
import { chromium } from 'playwright-core';
import { WebSocket } from 'ws';

/** Where the server says that it listens. The only thing that the tests read of its output. */
const START_LINE = /(http|ws)(s?):\/\/(?:127\.0\.0\.1|localhost):(\d+)\//;

/** Long, for a busy machine: nothing waits this long when all is well. */
export const TIMEOUT_MS = 15_000;

/**
 * Starts the server and stops it when the test ends; a stop must be clean, with exit status 0. Guests may say as much as
 * they like, unless `args` say otherwise: tests say more than people.
 * @param {{ port?: number, args?: string[] }} options port 0 lets the server choose
 */
export function startServer(t, { port = 0, args = [] } = {}) {
  const binary = process.env.COROOM_BINARY;
  assert.ok(binary, 'COROOM_BINARY names no server');
  return startProgram(t, path.resolve(binary), ['--port', String(port), ...args]);
}

/** The same for any program that says where it listens. */
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
    // The server takes settings from the environment as well, and the tests must not inherit any.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COROOM_')));
    env.COROOM_GUEST_RATE = '0'; // a flag wins over it
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

  /** Waits until the server says where it listens. */
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

  /** Waits until what it has written matches. */
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

  /** Ends it without a word. There is nothing to stop then. */
  async kill() {
    this.#stopped = true;
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}

/** A browser with a profile of its own, which is empty and is thrown away at the end. */
function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.COROOM_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox', // root, as in most containers, has no other way
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      // The tests need no other host, and a machine without a network should not be asked for one.
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** One for the tests of a file; it is closed behind the last of them. */
export async function useBrowser() {
  const browser = await launchBrowser();
  after(() => browser.close());
  return browser;
}

/**
 * A page in a browser context of its own, closed when the test ends. What the page itself gets wrong,
 * an uncaught error or something that the Content-Security-Policy forbids, fails the test.
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

/** A visit's settings, as the page keeps them; what is there already stays. */
export function settle(page, settings) {
  return page.addInitScript((kept) => {
    if (!localStorage.getItem('coroom.settings')) localStorage.setItem('coroom.settings', JSON.stringify(kept));
  }, settings);
}

/** The server's page, connected, of somebody who has a name and has been here before. */
export async function openChat(t, browser, server, { room, name = 'Ann', settings = {}, ...contextOptions } = {}) {
  const page = await openPage(t, browser, undefined, contextOptions);
  await settle(page, { name, named: true, ...settings });
  await page.goto(room ? `${server.url}r/${encodeURIComponent(room)}` : server.url);
  await isIn(page);
  return page;
}

/** The same over a line on which the test stands: `stand` is given the page's end of it, and the server's. */
export async function openWatched(t, browser, server, stand) {
  const page = await openPage(t, browser);
  await settle(page, { name: 'Ann', named: true });
  await page.routeWebSocket(/websocket/, (socket) => stand(socket, socket.connectToServer()));
  await page.goto(server.url);
  await isIn(page);
  return page;
}

/** The same; while `refuse(true)` holds, what it publishes is refused with this error, or as not allowed. */
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

/** One more tab of the same person. */
export async function openTab(page, url) {
  const tab = await page.context().newPage();
  await tab.goto(url ?? page.url());
  await isIn(tab);
  return tab;
}

/** Connected, in the room, and with its history. */
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

/** Writes a message as a person does; on a phone Enter begins a new line. */
export async function say(page, message) {
  await page.locator('#msg').fill(message);
  if (await page.evaluate(() => matchMedia('(hover: none)').matches)) await page.locator('#send').tap();
  else await page.locator('#msg').press('Enter');
}

/** All messages on the page, in their order, without who said them when. */
export function saidOn(page) {
  return page.locator('[data-kind="say"] .text').allTextContents();
}

/** Waits for a number of people in the room, by the list or by the count of a small screen. */
export async function peopleAre(page, count) {
  await page.waitForFunction((expected) => {
    const counted = document.querySelector('#open-people .count');
    const people = counted ? Number(counted.textContent) : document.querySelectorAll('#members li').length;
    return people === expected;
  }, count);
}

/** The message with this text. */
export function messageOf(page, text) {
  return page.locator('[data-kind="say"]', { has: page.locator('.text', { hasText: text }) });
}

/** Goes up, and further up as older messages are loaded, until it is there. */
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

/** Opens a message's menu and chooses. */
export async function choose(page, text, label) {
  await messageOf(page, text).hover();
  await messageOf(page, text).locator('.menu-button').click();
  await page.getByRole('menuitem', { name: label }).click();
}

/** Waits for a number of lines of a kind on the screen: all of them are drawn only while they are few. */
export async function linesAre(page, kind, count) {
  await page.waitForFunction(
    ([selector, expected]) => document.querySelectorAll(selector).length === expected,
    [`#contents [data-kind="${kind}"]`, count],
  );
}

/** Waits until the server has taken all that was said here. */
export async function allSent(page) {
  await page.waitForFunction(() => !document.querySelector('[data-delivery="pending"]'));
}

/** Waits for these messages; what is there in their place is told. */
export async function saidIs(page, expected) {
  await page
    .waitForFunction((texts) => {
      const there = [...document.querySelectorAll('[data-kind="say"] .text')].map((one) => one.textContent);
      return there.length === texts.length && there.every((text, n) => text === texts[n]);
    }, expected)
    .catch(() => {});
  assert.deepEqual(await saidOn(page), expected);
}

export async function screenshot(page, name) {
  const folder = process.env.COROOM_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
}

/**
 * Someone in the room without a browser.
 * @param localAddress any address of the loopback network: guests with different ones look different
 */
export async function enterAsGuest(t, server, { room = 'lobby', localAddress = '127.0.0.1' } = {}) {
  const socket = new WebSocket(`ws://${server.host}/chat?room=${encodeURIComponent(room)}`, { localAddress });
  t.after(() => socket.terminate());
  await once(socket, 'open');
  return socket;
}
