import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const outdir = mkdtempSync(path.join(os.tmpdir(), 'coroom-page-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

function build(...args: string[]): { status: number | null; stderr: string } {
  const script = fileURLToPath(new URL('../build.mjs', import.meta.url));
  return spawnSync(process.execPath, [script, `--outdir=${outdir}`, ...args], { encoding: 'utf8' });
}

test('writes the policy at the start of each page', { timeout: 60_000 }, () => {
  const stale = path.join(outdir, 'index.html.br');
  writeFileSync(stale, 'of an earlier build');
  expect(build('--quick')).toMatchObject({ status: 0 });
  for (const page of ['index.html', 'plain.html']) {
    const html = readFileSync(path.join(outdir, page), 'utf8');
    const policy = /<meta http-equiv="content-security-policy" content="([^"]*)">/.exec(html);
    expect(policy?.[1]).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(policy?.index).toBeLessThan(html.search(/<script|<link/));
  }
  expect(existsSync(stale)).toBe(false);
  expect(readdirSync(outdir).some((name) => /\.(br|gz)$/.test(name))).toBe(false);
});

test('rejects a budget that is no number', () => {
  for (const budget of ['x', '0', '-1', '1.5']) {
    const { status, stderr } = build(`--budget=${budget}`);
    expect([status, stderr]).toEqual([2, `--budget: '${budget}' is not a number of bytes\n`]);
  }
});

test('adds other origins to the policy', { timeout: 60_000 }, () => {
  const origins = ['https://app.example.org', 'http://127.0.0.1:8080'];
  expect(build('--quick', ...origins.map((origin) => `--connect=${origin}`))).toMatchObject({ status: 0 });
  const html = readFileSync(path.join(outdir, 'index.html'), 'utf8');
  expect(html).toContain(`connect-src 'self' ${origins.join(' ')}; `);
  for (const odd of ['app.example.org', 'https://app.example.org/x', "https://x; script-src 'unsafe-inline'", '*', 'data:'])
    expect(build('--quick', `--connect=${odd}`)).toMatchObject({
      status: 2,
      stderr: `--connect: '${odd}' is not an origin such as https://app.example.org\n`,
    });
});

test('writes compressed files after the original', { timeout: 120_000 }, () => {
  expect(build()).toMatchObject({ status: 0 });
  const writtenAt = (name: string): number => statSync(path.join(outdir, name)).mtimeMs;
  const names = readdirSync(outdir).filter((name) => name.endsWith('.br'));
  expect(names).toContain('index.html.br');
  for (const name of names) expect(writtenAt(name), name).toBeGreaterThanOrEqual(writtenAt(name.replace(/\.br$/, '')));
});
