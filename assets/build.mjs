// Builds the page: node build.mjs [--outdir=DIR] [--base=/PATH/] [--connect=ORIGIN]… [--budget=BYTES] [--quick | --watch]
// (defaults: dist, /, no other origin, and COROOM_PAGE_BUDGET or 60,000).
// --quick skips the type check, the compressed files and the budget. --watch builds quickly after each change of a source.
//
// Checks the types, bundles scripts and style sheet, and names each file after its content, so that browsers may cache it
// for ever. The parts that a first visit does not need become scripts of their own, which the page loads later.
// Text files get a compressed NAME.gz and NAME.br next to them.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { leanSdk } from './lean_sdk.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    outdir: { type: 'string', default: path.join(here, 'dist') },
    // The path of the page, which a proxy may extend. It can't be relative, because the page is also at /r/NAME.
    base: { type: 'string', default: '/' },
    // Other origins from which the page may request tokens.
    connect: { type: 'string', multiple: true, default: [] },
    // The compressed size of a first visit, without the other language and the parts that are loaded later.
    budget: { type: 'string', default: process.env.COROOM_PAGE_BUDGET || '60000' },
    quick: { type: 'boolean', default: false },
    watch: { type: 'boolean', default: false },
  },
});
const outdir = path.resolve(values.outdir);
const budget = Number(values.budget.replaceAll('_', ''));
if (!Number.isSafeInteger(budget) || budget <= 0) {
  console.error(`--budget: '${values.budget}' is not a number of bytes`);
  process.exit(2);
}

for (const origin of values.connect) {
  if (/^https?:\/\/[\w.:[\]-]+$/.test(origin)) continue;
  console.error(`--connect: '${origin}' is not an origin such as https://app.example.org`);
  process.exit(2);
}

/** The page's permissions: only its own server. The server sends the same policy with the page in its binary. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  `connect-src ${["'self'", ...values.connect].join(' ')}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** Builds now and after every change of a source, until it is interrupted. It reports a failed build and continues. */
function watchSources() {
  const again = process.argv.slice(1).filter((argument) => argument !== '--watch');
  const run = () => spawnSync(process.execPath, [...again, '--quick'], { stdio: 'inherit' });
  let timer;
  run();
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(run, 100); // editors change several files at once
  };
  const source = path.join(here, 'src');
  const folders = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of [{ name: '.' }, ...folders]) watch(path.join(source, name), changed);
  console.log(`Watching src/. To see it: coroom --assets ${outdir}`);
}

function checkTypes() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '--noEmit', '--project', here], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

async function bundle(entry, options = {}) {
  const { outputFiles } = await build({
    entryPoints: [{ in: path.join(here, 'src', entry), out: 'entry' }],
    outdir: '/', // the base of the names; nothing is written there
    plugins: [leanSdk],
    absWorkingDir: here, // the output does not depend on the working directory
    bundle: true,
    minify: true,
    mangleProps: /^_[a-zA-Z]/, // the SDK's private members: a tenth of the page
    charset: 'utf8', // the page and the server declare it
    write: false,
    legalComments: 'none',
    format: 'iife',
    target: ['chrome123', 'firefox125', 'safari17.5'],
    logLevel: 'warning',
    ...options,
  });
  return outputFiles;
}

/** Bundles an entry that becomes one file. */
async function bundleOne(entry) {
  const [file] = await bundle(entry);
  return Buffer.from(file.contents);
}

/**
  * The parts that are loaded later also depend on the page's main script. They import it, so that all common code stays
  * in one file: two files with the same code are larger by a kilobyte.
 */
const onePage = {
  name: 'one-page',
  setup({ onLoad }) {
    onLoad({ filter: /(extras|renewal)\.ts$/ }, ({ path: file }) => ({
      contents: `${readFileSync(file, 'utf8')}\nimport '../main';`,
      loader: 'ts',
    }));
  },
};

/**
  * Returns the page's script and the scripts that it loads, by name. esbuild's names contain hashes of all that a file
  * depends on, so that a hash of the text with these names covers it, too.
 */
async function bundlePage() {
  const bundled = await bundle('main.tsx', {
    format: 'esm',
    splitting: true,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    plugins: [leanSdk, onePage],
  });
  const parts = bundled.filter((file) => path.basename(file.path) !== 'entry.js'); // it only imports the page
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
  const filled = text.replaceAll(/\{\{(\w+)\}\}/g, (_, key) => names[key]);
  // Before anything that the policy could forbid.
  const policy = `<meta http-equiv="content-security-policy" content="${POLICY}">`;
  return Buffer.from(filled.replace(/( *)<meta charset="utf-8">\n/, (line, indent) => `${line}${indent}${policy}\n`));
}

/** Removes the files of earlier builds, which must not be embedded or installed. */
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

async function buildAll() {
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
    // Last, because it names the others.
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
  if (!values.quick) console.log('  bytes     gzip   brotli');
  for (const [name, content] of Object.entries(files)) {
    const others = [`${name}.gz`, `${name}.br`].map((other) => path.join(outdir, other));
    if (values.quick) {
      for (const other of others) rmSync(other, { force: true }); // of an earlier build, which browsers would get
      writeFileSync(path.join(outdir, name), content);
      continue;
    }
    const { gz, br } = compressed(content);
    writeFileSync(path.join(outdir, name), content);
    writeFileSync(others[0], gz); // after the file: the server ignores an older one
    writeFileSync(others[1], br);
    console.log([content, gz, br].map(({ length }) => String(length).padStart(7)).join('  '), '', name);
    sizes.set(name, br.length);
  }
  if (values.quick) {
    console.log(`Built, ${new Date().toLocaleTimeString()}.`);
    return;
  }
  const sizeOf = (...names) => names.reduce((sum, name) => sum + sizes.get(name), 0);
  const first = [scriptName, preloadName, styleName, 'favicon.svg', 'index.html']; // the other icon is loaded for unread messages
  const total = sizeOf(...first) + Math.max(sizeOf(en), sizeOf(zh));
  console.log(`${String(total).padStart(25)}  a first visit, of ${budget}`);
  if (total > budget) {
    console.error('The page has got too large.');
    process.exit(1);
  }
}

if (values.watch) {
  watchSources();
} else {
  if (!values.quick) checkTypes();
  await buildAll();
}
