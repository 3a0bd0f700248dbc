// Builds the page: node build.mjs [--outdir=DIR] [--base=/PATH/] (dist and / if nothing is said).
// Checks the types, bundles scripts and style, and names each after its content, so that a server may tell browsers to
// keep them for ever. What a first visit does not need is in scripts of its own, which the page loads later. Beside each file that is text there is a NAME.gz and a NAME.br, for browsers that take them.

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

/** What a first visit may load at most, compressed: without the other language and what is loaded later. */
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
 * and the ways to make transports and subscriptions of other kinds, which takes these with it. What all kinds share has
 * parts that only these others call; so has what makes a publication of its difference to the one before.
 */
const leanSdk = {
  name: 'lean-sdk',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules.centrifuge.build.index\.mjs$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8')
        .replace(/^\s*this\._debug\(.*\);$/gm, '')
        .replace(/^ {12}case '(sockjs|webtransport)':\n.*?^ {16}\}\);$/gms, '')
        .replace(/^ {4}new(Map|SharedPoll)\w*Subscription\(.*?^ {4}\}$/gms, '')
        .replace(
          /^ {4}_(sharedPoll|mapSubscribe|handleMap|buildMap|fetchSnapshot|fetchStream|sendTrack|handleTrack|untrack|debounced)\w*\(.*?^ {4}\}$/gms,
          '',
        )
        .replace(/^function applyDelta\(.*?^\}$/ms, 'function applyDelta() {}'),
    }));
  },
};

async function bundle(entry, options = {}) {
  const { outputFiles } = await build({
    entryPoints: [{ in: path.join(here, 'src', entry), out: 'entry' }],
    outdir: '/', // nothing is written; names are relative to it
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
    ...options,
  });
  return outputFiles;
}

/** Of an entry that becomes one file. */
async function bundleOne(entry) {
  const [file] = await bundle(entry);
  return Buffer.from(file.contents);
}

/**
 * What is loaded later also depends on the page's beginning. So the page shares all that it is with it, and stays one
 * file: two files of the same code are larger by a kilobyte.
 */
const onePage = {
  name: 'one-page',
  setup({ onLoad }) {
    onLoad({ filter: /extras\.ts$/ }, ({ path: file }) => ({
      contents: `${readFileSync(file, 'utf8')}\nimport '../main';`,
      loader: 'ts',
    }));
  },
};

/**
 * The page's own script, and those that it loads: from name to content. esbuild's names are hashes of all that a file
 * depends on, so that a hash of the text with these names in it is one too.
 */
async function bundlePage() {
  const bundled = await bundle('main.tsx', {
    format: 'esm',
    splitting: true,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    plugins: [leanSdk, onePage],
  });
  const parts = bundled.filter((file) => path.basename(file.path) !== 'entry.js'); // it only names the page
  const names = new Map();
  for (const { path: file, text } of parts) {
    const name = path.basename(file);
    const [what] = name.split(/[-.]/);
    names.set(name, hashedName(what === 'chunk' ? 'chat' : `chat-${what}`, text, 'js'));
  }
  return new Map(
    parts.map(({ path: file, text }) => [
      names.get(path.basename(file)),
      Buffer.from(text.replaceAll(/(?<=["'`]\.\/)[\w.-]+\.js(?=["'`])/g, (name) => names.get(name) ?? name)),
    ]),
  );
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
    if (/^(chat|plain|preload)(-\w+)?-[0-9a-f]+\.(js|css)(\.gz|\.br)?$/.test(name)) rmSync(path.join(outdir, name));
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
const [parts, preload, style, plainScript] = await Promise.all([
  bundlePage(),
  ...['preload.ts', 'style.css', 'plain.js'].map(bundleOne),
]);
const partName = (part) => [...parts.keys()].find((name) => name.replace(/-[0-9a-f]+\.js$/, '') === part);
const preloadName = hashedName('preload', preload, 'js');
const styleName = hashedName('chat', style, 'css');
const plainName = hashedName('plain', plainScript, 'js');
const [scriptName, en, zh] = ['chat', 'chat-en', 'chat-zh'].map(partName);
const icons = ['favicon.svg', 'favicon-unread.svg'];
const files = {
  ...Object.fromEntries(parts),
  [preloadName]: preload,
  [styleName]: style,
  ...Object.fromEntries(icons.map((name) => [name, readFileSync(path.join(here, 'src', name))])),
  [plainName]: plainScript,
  'plain.html': page('plain.html', { base: values.base, script: plainName }),
  // Last: it names the others.
  'index.html': page('index.html', {
    base: values.base,
    script: scriptName,
    style: styleName,
    preload: preloadName,
    en,
    zh,
  }),
};

mkdirSync(outdir, { recursive: true });
removeEarlier();
const sizes = new Map();
console.log('  bytes     gzip   brotli');
for (const [name, content] of Object.entries(files)) {
  const { gz, br } = compressed(content);
  writeFileSync(path.join(outdir, `${name}.gz`), gz);
  writeFileSync(path.join(outdir, `${name}.br`), br);
  writeFileSync(path.join(outdir, name), content);
  console.log([content, gz, br].map(({ length }) => String(length).padStart(7)).join('  '), '', name);
  sizes.set(name, br.length);
}
const sizeOf = (...names) => names.reduce((sum, name) => sum + sizes.get(name), 0);
const first = [scriptName, preloadName, styleName, ...icons, 'index.html'];
const total = sizeOf(...first) + Math.max(sizeOf(en), sizeOf(zh));
console.log(`${String(total).padStart(25)}  a first visit, of ${BUDGET_BYTES}`);
if (total > BUDGET_BYTES) {
  console.error('The page has got too large.');
  process.exit(1);
}
