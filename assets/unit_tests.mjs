// Runs test/*.test.ts with Node's own test runner. Node 18 reads no TypeScript, so the tests are bundled
// first, each into one file; whether their types are right is `npm run check`'s business.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const names = readdirSync(path.join(here, 'test')).filter((name) => name.endsWith('.test.ts'));
const outdir = mkdtempSync(path.join(tmpdir(), 'coroom-page-tests-'));
try {
  await build({
    entryPoints: names.map((name) => path.join(here, 'test', name)),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node18',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  const files = readdirSync(outdir).map((name) => path.join(outdir, name));
  const run = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...files], { stdio: 'inherit' });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(outdir, { recursive: true });
}
