// The page and the SDK over TLS, in a browser.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openChat, peopleAre, saidIs, say, startServer, useBrowser } from './helper.mjs';

const browser = await useBrowser();
let folder;
let identity;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'coroom-tls-'));
  const [key, certificate] = ['key.pem', 'certificate.pem'].map((name) => path.join(folder, name));
  const request = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -days 2';
  execFileSync('openssl', ['req', ...request.split(' '), '-keyout', key, '-out', certificate], { stdio: 'pipe' });
  identity = ['--tls-cert', certificate, '--tls-key', key];
});
after(() => rmSync(folder, { recursive: true }));

// Only the test knows the certificate.
const TRUSTING = { ignoreHTTPSErrors: true };

test('chats over TLS', async (t) => {
  const server = await startServer(t, { args: identity });
  assert.match(server.url, /^https:/);
  const first = await openChat(t, browser, server, TRUSTING);
  const second = await openChat(t, browser, server, { name: 'Bob', ...TRUSTING });
  await peopleAre(first, 2);
  await say(first, 'nobody on the way reads this');
  await saidIs(second, ['nobody on the way reads this']);
  await second.reload();
  await saidIs(second, ['nobody on the way reads this']);
  await say(first, 'welcome back');
  await saidIs(second, ['nobody on the way reads this', 'welcome back']);
  await peopleAre(first, 2);
  const protocols = await first.evaluate(() => [isSecureContext, new URL(location.href).protocol]);
  assert.deepEqual(protocols, [true, 'https:']);
});
