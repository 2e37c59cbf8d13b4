import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallPosterior } from '../../bundle/fixtures/posterior.ts';
import { ncdumpHeader, runPython } from '../../bundle/fixtures/tools.ts';
import { sha256Of } from '../../bundle/sha256.ts';
import { LOAD_PY } from './load-py.ts';
import { plotFiles } from './plots.ts';
import { posteriorAllFile, type RealizationData } from './posterior-all.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lockstep-all-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Realizations that differ, one of them with fewer draws. `count` decides whether rows are packed in one piece or in several. */
function realizations(count: number): RealizationData[] {
  return Array.from({ length: count }, (_, i) => {
    const { attributes: _attributes, ...posterior } = smallPosterior(3, i === 1 ? 4 : 5);
    const shifted = posterior.parameters.map(({ name, values }) => ({
      name,
      values: Float64Array.from(values, (v) => v + i),
    }));
    return {
      ...posterior,
      parameters: shifted,
      runId: `m${i}_s${2 ** 32 - 1 - i}`,
      seed: 2 ** 32 - 1 - i,
      truth: { g1: 0.01 + i },
    };
  });
}

async function write(items: readonly RealizationData[]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of posteriorAllFile({ items, attributes: { name: 'test' }, inferenceMethod: 'hmc' }).pieces)
    pieces.push(piece);
  return Buffer.concat(pieces);
}

interface Seen {
  sizes: Record<string, number>;
  values: Columns;
  coordinates: Columns;
}
type Columns = Record<string, { dims: string[]; dtype: string; values: (number | null)[] }>;
interface OfLoadPy {
  shape: number[];
  padded: (number | null)[];
  item: Record<string, Columns>;
}

const COUNTS = [3, 2400];
const inFolder = (count: number, file: string) => join(folder, String(count), file);
const summary = (runIds: readonly string[]) =>
  [
    'run_id,passed_convergence,unfit',
    ...runIds.map((id, i) => `${id},${i === 2 ? 'False' : 'True'},${i === 0 ? 'True' : ''}`),
  ].join('\n');

/** What Python reads, by file and engine, and what load.py prints, by file and missing readers. */
let read: Record<string, { [engine: string]: Record<string, Seen> } & { items: OfLoadPy }>;
let printed: Record<string, Record<string, string>>;
beforeAll(async () => {
  for (const count of COUNTS) {
    mkdirSync(join(folder, String(count)));
    writeFileSync(inFolder(count, 'posterior_all.nc'), await write(realizations(count)));
    writeFileSync(inFolder(count, 'load.py'), LOAD_PY);
    writeFileSync(inFolder(count, 'summary.csv'), summary(realizations(count).map(({ runId }) => runId)));
  }
  const python = (script: string, file: string) =>
    JSON.parse(runPython(join(here, 'fixtures', script), ...COUNTS.map((count) => inFolder(count, file))));
  read = python('read_all.py', 'posterior_all.nc');
  printed = python('run_load.py', 'load.py');
});

describe.each(COUNTS)('posterior_all.nc of %i realizations', (count) => {
  const items = realizations(count);
  const path = inFolder(count, 'posterior_all.nc');

  const rows = 15 * count - 3;
  /** Of item 1 there are twelve, of all others fifteen. */
  const rowOf = (item: number) => 15 * item - (item > 1 ? 3 : 0);

  it.each(['netcdf4', 'h5netcdf'])(
    'opens with xarray through %s, one row a draw, every value in its place',
    (engine) => {
      const seen = read[path][engine];
      for (const [group, columns] of [
        ['posterior', 'parameters'],
        ['sample_stats', 'stats'],
      ] as const) {
        expect(seen[group].sizes).toEqual({ realization: count, sample: rows });
        for (const { name } of items[0][columns]) {
          const variable = seen[group].values[name];
          expect(variable.dims).toEqual(['sample']);
          const expected = items.flatMap((item) => [...item[columns].find((column) => column.name === name)!.values]);
          expect(variable.values.map(Number), name).toEqual(expected);
        }
        expect(seen[group].values.row_size.values.slice(0, 3)).toEqual([15, 12, 15]);
        const { realization_index, chain, draw } = seen[group].coordinates;
        const last = count - 1;
        const picked = [0, 15, 15 + 11, rowOf(2), rowOf(last) + 7];
        expect(picked.map((row) => [realization_index, chain, draw].map(({ values }) => values[row]))).toEqual([
          [0, 0, 0],
          [1, 0, 0],
          [1, 2, 3],
          [2, 0, 0],
          [last, 1, 2],
        ]);
      }
      expect(seen.sample_stats.values.diverging.dtype).toBe('bool');
      expect(seen.posterior.values.x.dtype).toBe('float64');
      const { run_id, seed, n_draws, g1_true } = seen.constant_data.values;
      expect(run_id.values.at(-1)).toBe(items.at(-1)!.runId);
      expect(seed.values.slice(0, 2)).toEqual([2 ** 32 - 1, 2 ** 32 - 2]);
      expect(n_draws.values.slice(0, 3)).toEqual([5, 4, 5]);
      expect(g1_true.values[2]).toBe(2.01);
    },
  );

  it('load.py gives one item as ArviZ takes it, and all padded to the longest', () => {
    const { shape, padded, item } = read[path].items;
    expect(shape).toEqual([count, 3, 5]);
    const g1 = [...items[1].parameters[0].values];
    expect(padded).toEqual([0, 4, 8].flatMap((from) => [...g1.slice(from, from + 4), null]));
    expect(item.posterior.g1).toEqual({ dims: ['chain', 'draw'], dtype: 'float64', values: g1 });
    expect(item.sample_stats.lp.values).toEqual([...items[1].stats[0].values]);
    expect(Object.keys(item.posterior)).toEqual(items[1].parameters.map(({ name }) => name));
  });

  it('a few long items cost the others nothing', async () => {
    const long: RealizationData = { ...smallPosterior(3, 5000), runId: 'long', seed: 1, truth: {} };
    const [all, alone, some] = [await write([...items, long]), await write([long]), await write(items)];
    expect(all.length).toBeLessThan(alone.length + some.length);
  });

  it('has the header that netcdf-c expects, and equal bytes when written again', async () => {
    const header = ncdumpHeader(path);
    expect(header).toContain('double g1(sample) ;');
    expect(header).toContain('int row_size(realization) ;');
    expect(header).toContain('row_size:sample_dimension = "sample" ;');
    // A dimension alone: nobody needs to be told that the rows count up.
    expect(header).not.toMatch(/\bsample\(sample\)/);
    expect(header).toContain('string run_id(realization) ;');
    expect(sha256Of(await write(realizations(count)))).toBe(sha256Of(readFileSync(path)));
  });

  it('load.py prints truth and mean of every realization, with xarray, h5py or netCDF4', () => {
    const tables = ['', 'xarray', 'xarray,h5py'].map((missing) => printed[inFolder(count, 'load.py')][missing]);
    const lines = tables[0].trim().split('\n');
    expect(lines).toHaveLength(count + 2);
    expect(lines[0]).toMatch(/^run_id +g1 true +g1 mean +\+- sd/);
    const mean = Array.from(items[2].parameters[0].values).reduce((a, b) => a + b) / 15;
    expect(lines[3]).toMatch(new RegExp(`^${items[2].runId} +2\\.01000 +${mean.toFixed(5)} `));
    // The third did not pass; of the first, model and noise are wrong.
    const marked = lines.map((line) => line.endsWith('  not to be believed (summary.csv)'));
    expect(marked).toEqual(lines.map((_, at) => at === 1 || at === 3));
    expect(tables[1]).toBe(tables[0]);
    expect(tables[2]).toBe(tables[0]);
  });
});

it('items that differ in their columns are refused by name', async () => {
  const [a, b] = realizations(2);
  await expect(write([a, { ...b, parameters: b.parameters.slice(1) }])).rejects.toThrow('m1_s4294967294 has no g1');
  await expect(write([])).rejects.toThrow('no finished item');
});

it('plots are well-formed SVG with a mark for every usable point, and none where no truth is known', () => {
  const points = [
    { truth: 0.01, mean: 0.012, sd: 0.002 },
    { truth: 0.02, mean: 0.019, sd: 0.002 },
    { truth: Number.NaN, mean: 0.5, sd: 1 },
    { truth: 0.02, mean: Number.NaN, sd: 1 },
  ];
  const files = plotFiles([
    { name: 'g1', unit: 'a<b', points },
    { name: 'x', unit: 'px', points: points.slice(2) },
    { name: 'y', unit: '', points: points.slice(0, 1) },
  ]);
  expect(files.map((file) => file.path)).toEqual([
    'plots/pulls-g1.svg',
    'plots/recovery-g1.svg',
    'plots/pulls-y.svg',
    'plots/recovery-y.svg',
  ]);
  const paths = files.map((file, i) => {
    const at = join(folder, `${i}.svg`);
    writeFileSync(at, file.bytes);
    return at;
  });
  const script = join(folder, 'parse_svg.py');
  writeFileSync(
    script,
    'import sys, xml.dom.minidom as m\nfor p in sys.argv[1:]: print(len(m.parse(p).getElementsByTagName("circle")))',
  );
  expect(
    runPython(script, ...paths)
      .trim()
      .split('\n'),
  ).toEqual(['0', '2', '0', '1']);
  for (const file of files) expect(new TextDecoder().decode(file.bytes)).not.toMatch(/NaN|Infinity/);
});
