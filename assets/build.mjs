// Builds the page: node build.mjs [--outdir=DIR] [--base=/PATH/] (dist and / if nothing is said).
// Checks the types, bundles script and style, and names each after its content, so that a server may tell browsers to
// keep them for ever. Beside each file that is text there is a NAME.gz and a NAME.br, for browsers that take them.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a first visit may load in all, compressed. */
const BUDGET_BYTES = 60_000;

const here = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    outdir: { type: 'string', default: path.join(here, 'dist') },
    // Where the page is found; another one where a proxy adds a path. It can't be relative: the page is also at /r/NAME.
    base: { type: 'string', default: '/' },
  },
});
const outdir = path.resolve(values.outdir);

function checkTypes() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '--noEmit', '--project', here], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

/**
 * Leaves out of the SDK what the page never asks for: what it tells of itself for debugging, each a statement on a line,
 * and the ways to make transports and subscriptions of other kinds, which takes these with it.
 */
const leanSdk = {
  name: 'lean-sdk',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules.centrifuge.build.index\.mjs$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8')
        .replace(/^\s*this\._debug\(.*\);$/gm, '')
        .replace(/^ {12}case '(sockjs|webtransport)':\n.*?^ {16}\}\);$/gms, '')
        .replace(/^ {4}new(Map|SharedPoll)\w*Subscription\(.*?^ {4}\}$/gms, ''),
    }));
  },
};

async function bundle(entry) {
  const result = await build({
    entryPoints: [path.join(here, 'src', entry)],
    plugins: [leanSdk],
    absWorkingDir: here, // the same bytes wherever the build is started from
    bundle: true,
    minify: true,
    mangleProps: /^_[a-zA-Z]/, // the SDK's private members: a tenth of the page
    charset: 'utf8', // the page says so of itself, and the server of its files
    write: false,
    legalComments: 'none',
    format: 'iife',
    target: ['chrome123', 'firefox125', 'safari17.5'],
    logLevel: 'warning',
  });
  return Buffer.from(result.outputFiles[0].contents);
}

function hashedName(name, content, extension) {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return `${name}-${hash}.${extension}`;
}

function page(name, names) {
  const text = readFileSync(path.join(here, 'src', name), 'utf8');
  return Buffer.from(text.replaceAll(/\{\{(\w+)\}\}/g, (_, key) => names[key]));
}

/** Whoever embeds the whole folder must not embed what an earlier build left in it. */
function removeEarlier() {
  for (const name of readdirSync(outdir)) {
    if (/^(chat|plain)-[0-9a-f]+\.(js|css)(\.gz|\.br)?$/.test(name)) rmSync(path.join(outdir, name));
  }
}

function compressed(content) {
  const params = {
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  return { gz: gzipSync(content, { level: 9 }), br: brotliCompressSync(content, { params }) };
}

checkTypes();
const [script, style, plainScript] = await Promise.all(['main.tsx', 'style.css', 'plain.js'].map(bundle));
const scriptName = hashedName('chat', script, 'js');
const styleName = hashedName('chat', style, 'css');
const plainName = hashedName('plain', plainScript, 'js');
const icons = ['favicon.svg', 'favicon-unread.svg'];
const files = {
  [scriptName]: script,
  [styleName]: style,
  ...Object.fromEntries(icons.map((name) => [name, readFileSync(path.join(here, 'src', name))])),
  [plainName]: plainScript,
  'plain.html': page('plain.html', { base: values.base, script: plainName }),
  'index.html': page('index.html', { base: values.base, script: scriptName, style: styleName }), // last: it names the others
};

mkdirSync(outdir, { recursive: true });
removeEarlier();
let total = 0;
console.log('  bytes     gzip   brotli');
for (const [name, content] of Object.entries(files)) {
  const { gz, br } = compressed(content);
  writeFileSync(path.join(outdir, `${name}.gz`), gz);
  writeFileSync(path.join(outdir, `${name}.br`), br);
  writeFileSync(path.join(outdir, name), content);
  console.log([content, gz, br].map(({ length }) => String(length).padStart(7)).join('  '), '', name);
  if (!name.startsWith('plain')) total += br.length;
}
console.log(`${String(total).padStart(25)}  the page in all, of ${BUDGET_BYTES}`);
if (total > BUDGET_BYTES) {
  console.error('The page has got too large.');
  process.exit(1);
}
