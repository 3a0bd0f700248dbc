// Builds the page: node build.mjs [--outdir=DIR] (dist if nothing is said).
// Checks the types, bundles script and style, and names each after its content, so that a server may
// tell browsers to keep them for ever. Only index.html and favicon.svg keep their names.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { outdir: { type: 'string', default: path.join(here, 'dist') } } });
const outdir = path.resolve(values.outdir);

function checkTypes() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '--noEmit', '--project', here], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

async function bundle(entry) {
  const result = await build({
    entryPoints: [path.join(here, 'src', entry)],
    absWorkingDir: here, // the same bytes wherever the build is started from
    bundle: true,
    minify: true,
    write: false,
    legalComments: 'none',
    format: 'iife',
    target: ['chrome105', 'firefox121', 'safari15.4'],
    logLevel: 'warning',
  });
  return result.outputFiles[0].contents;
}

function hashedName(content, extension) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return `chat-${hash}.${extension}`;
}

/** Whoever embeds the whole folder must not embed what an earlier build left in it. */
function removeEarlier() {
  for (const name of readdirSync(outdir)) {
    if (/^chat-[0-9a-f]+\.(js|css)$/.test(name)) rmSync(path.join(outdir, name));
  }
}

checkTypes();
const [script, style] = await Promise.all([bundle('main.ts'), bundle('style.css')]);
const scriptName = hashedName(script, 'js');
const styleName = hashedName(style, 'css');
const page = readFileSync(path.join(here, 'src', 'index.html'), 'utf8')
  .replace('{{script}}', scriptName)
  .replace('{{style}}', styleName);

mkdirSync(outdir, { recursive: true });
removeEarlier();
const files = {
  [scriptName]: script,
  [styleName]: style,
  'favicon.svg': readFileSync(path.join(here, 'src', 'favicon.svg')),
  'index.html': Buffer.from(page), // last: it names the others
};
for (const [name, content] of Object.entries(files)) {
  writeFileSync(path.join(outdir, name), content);
  console.log(`${String(content.length).padStart(7)}  ${path.join(outdir, name)}`);
}
