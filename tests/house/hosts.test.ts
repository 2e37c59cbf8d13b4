/**
 * Hosts know no experiment: neither its id nor a word of its field stands in their code, texts or comments, the registries alone name
 * experiments, and no experiment needs another one's files.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { experiments } from '../../src/workloads/catalog.ts';
import { ALLOWED, BETWEEN, WORDS } from './words.ts';

const REGISTRIES = ['catalog', 'listed', 'computed', 'jobs', 'commands', 'views'].map(
  (name) => `src/workloads/${name}.ts`,
);
/** Registries of the batch table: of its sizes, and of what they are called. */
const TABLES = ['src/batch/table.ts', 'src/batch/words.ts'];
const ids: readonly string[] = experiments.map(({ id }) => id);

const ownFolder = new RegExp(`^src/workloads/(${ids.join('|')})/`);
const tested = /\.(test|validate)\.tsx?$|\/(test-support|fixtures)\//;
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => join('src', path))
  .filter((path) => /\.(tsx?|css|wgsl|json)$/.test(path) && !tested.test(path))
  .sort();
const hosts = sources.filter((path) => !ownFolder.test(path) && ![...REGISTRIES, ...TABLES].includes(path));

/** Words of a text in lower case; names are taken apart: "velocityRms" holds "velocity". */
const wordsOf = (text: string) =>
  text
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

/** "file:line word", without what is allowed there. */
function foreignWords(path: string): string[] {
  const allowed = ALLOWED.filter(({ in: place }) => path.startsWith(place)).flatMap(({ words }) => words);
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, at) =>
      wordsOf(line)
        .filter((word) => (ids.includes(word) || WORDS.has(word)) && !allowed.includes(word))
        .map((word) => `${path}:${at + 1} ${word}`),
    );
}

test('no host speaks of an experiment or its field', () => {
  expect(hosts.flatMap(foreignWords)).toEqual([]);
});

test('what is allowed is still needed', () => {
  const stale = ALLOWED.filter(({ in: place, words }) => {
    const texts = hosts.filter((path) => path.startsWith(place)).map((path) => readFileSync(path, 'utf8'));
    return !texts.some((text) => wordsOf(text).some((word) => words.includes(word)));
  });
  const unused = BETWEEN.filter(
    ({ from, to }) => !sources.some((path) => path.startsWith(from) && importsOf(path).some((it) => it.startsWith(to))),
  );
  expect([...stale, ...unused]).toEqual([]);
});

/** Files of `src` that a file imports. */
function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  const found = text.matchAll(/(?:from|import\(?|new URL\()\s*'(\.[^']+)'/g);
  return [...found].map(([, to]) => normalize(join(dirname(path), to)));
}

test('registries alone import from experiments, and experiments not from each other', () => {
  const folderOf = (path: string) => ownFolder.exec(path)?.[1];
  const wrong = sources
    .filter((path) => ![...REGISTRIES, ...TABLES].includes(path))
    .flatMap((path) =>
      importsOf(path)
        .filter((to) => folderOf(to) !== undefined && folderOf(to) !== folderOf(path))
        .filter((to) => !BETWEEN.some((allowed) => path.startsWith(allowed.from) && to.startsWith(allowed.to)))
        .map((to) => `${path} imports ${to}`),
    );
  expect(wrong).toEqual([]);
});

test('every experiment has a line in the registries that all need', () => {
  for (const registry of [...REGISTRIES.slice(0, 3), ...TABLES])
    expect(
      new Set(
        importsOf(registry)
          .map((to) => ownFolder.exec(to)?.[1])
          .filter(Boolean),
      ),
    ).toEqual(new Set(ids));
});
