import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Words by which a chunk, batch, tile, ring or piece size goes. */
const NAME =
  /chunk|batch|tile|slots|lanes|threads|workgroup(?!s?_id)|staging|pieces?bytes|slice|in_?flight|ring|per_?(?:workgroup|dispatch|group|submit)|inflate/i;
/** A constant or a default of a name that is a number: `const X = 8`, `slots = 3,`, `chunk: 64`. */
const FIXED =
  /\b(?:const|let|var|override)\s+(\w+)[^=\n]*=\s*(?:\d[\d_.]*|0x[\da-f]+)(?:[uif]\b)?(?:\s*\*\s*\d[\d_ *]*)*\s*;/gi;
/** The same as text that goes into a shader: `LANES: '8u'`, `TILE: \`${4}u\``. */
const QUOTED = /\b(\w+)['"]?\s*[:=]\s*(['"`])(?:\$\{\s*)?\d[\d_]*(?:\s*\})?[uif]?\2/gi;
const WGSL_GROUP = /@workgroup_size\(\s*(\d+)/g;

function filesBelow(folder: string): string[] {
  return readdirSync(`${root}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

const isSource = (path: string) =>
  /\.(?:ts|tsx|wgsl)$/.test(path) && !/\.test\.tsx?$|\/test-support\/|\/fixtures\/|\/testing/.test(path);

/** Sizes that a text fixes by itself, e.g. `SLOTS = 3;`. */
function fixedSizes(text: string): string[] {
  const named = [...text.replaceAll(/\bfor \(let /g, 'for (').matchAll(FIXED), ...text.matchAll(QUOTED)].filter(
    ([found, name]) => {
      const counter = /=\s*0u?\s*;/.test(found);
      const time = /_?ms$/i.test(name);
      return !counter && !time && NAME.test(name.replace(/string|wiring/gi, ''));
    },
  );
  const groups = [...text.matchAll(WGSL_GROUP)].filter(([, size]) => size !== '1');
  return [...named, ...groups].map(([found]) => found.replace(/\s+/g, ' '));
}

test('no source and no shader fixes a chunk, batch, tile, ring or piece size of its own', () => {
  const sources = [...filesBelow('src'), ...filesBelow('shaders')].filter(
    (path) => isSource(path) && path !== 'src/batch/table.ts' && !/^src\/workloads\/\w+\/sizes\.ts$/.test(path),
  );
  expect(sources.length).toBeGreaterThan(200);
  const found = sources.flatMap((path) =>
    fixedSizes(readFileSync(`${root}/${path}`, 'utf8')).map((size) => `${path}: ${size}`),
  );
  expect(found).toEqual([]);
});

/** Counts that are statistical sizes in an experiment of metrics: how many of something an estimate is made of. */
const COUNT = /steps|probes|rows|grid|draws|nodes|permutations|resamples|orders/i;

test('no metric fixes its steps, probes, rows, draws or grid', () => {
  const found = filesBelow('src/workloads/analysis')
    .filter((path) => isSource(path) && !/\/(?:machine-|statistical-)?sizes\.ts$|\/views\//.test(path))
    .flatMap((path) =>
      [
        ...readFileSync(`${root}/${path}`, 'utf8')
          .replaceAll(/\bfor \(let /g, 'for (')
          .matchAll(FIXED),
      ]
        .filter(([text, name]) => COUNT.test(name) && !/=\s*0\s*;/.test(text))
        .map(([text]) => `${path}: ${text}`),
    );
  expect(found).toEqual([]);
});

test('the search finds what it is meant to find', () => {
  for (const text of [
    'export const MAX_CHUNK = 64;',
    'const stagingBytes = 8 * 1024 ** 2;',
    'const SUBMITS_IN_FLIGHT: number = 2;',
    'let tileWidth = 16u;',
    '@compute @workgroup_size(64) fn main',
    'const PEEK_SLOTS = 2;',
    "constants: { LANES: '8u' }",
    ['constants: { TILE: `$', '{4}u` }'].join(''),
  ])
    expect(fixedSizes(text), text).toHaveLength(1);
  for (const text of [
    'const WIDTH = 480;',
    "const slots = sizes['gpu.submitsInFlight'] + 1;",
    '@workgroup_size(LANES)',
  ])
    expect(fixedSizes(text), text).toEqual([]);
});
