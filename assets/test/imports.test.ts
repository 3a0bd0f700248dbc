// The files of the page import each other in one direction: along the layers, and without a circle.

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
/** The folders from which each folder may import, besides itself. */
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  text: [],
  model: ['text'],
  i18n: ['model', 'text'],
  net: ['model', 'text'],
  app: ['i18n', 'model', 'net', 'text'],
  view: ['app', 'i18n', 'model', 'net', 'text'],
  '.': ['app', 'i18n', 'model', 'net', 'text', 'view'],
};

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(SRC, file), 'utf8');
  return [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, target = '']) => {
    const name = path.join(path.dirname(file), target);
    const found = files.find((one) => one.replace(/\.tsx?$/, '') === name);
    if (found === undefined) throw new Error(`${file} imports ${target}, which does not exist`);
    return found;
  });
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function circleFrom(file: string, trail: readonly string[] = [], done = new Set<string>()): string | undefined {
  if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file].join(' -> ');
  if (done.has(file)) return undefined;
  for (const next of imports.get(file) ?? []) {
    const circle = circleFrom(next, [...trail, file], done);
    if (circle !== undefined) return circle;
  }
  done.add(file);
  return undefined;
}

test('no file imports itself through others', () => {
  const done = new Set<string>();
  expect(files.map((file) => circleFrom(file, [], done)).filter(Boolean)).toEqual([]);
});

test('files import only from the layers below', () => {
  const layer = (file: string): string => path.dirname(file);
  const forbidden = [...imports].flatMap(([file, targets]) =>
    targets
      .filter((target) => layer(target) !== layer(file) && !MAY_USE[layer(file)]?.includes(layer(target)))
      .map((target) => `${file} -> ${target}`),
  );
  expect(forbidden).toEqual([]);
});
