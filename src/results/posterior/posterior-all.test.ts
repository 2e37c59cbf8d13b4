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

/** Realizations that differ, one of them with fewer draws. `count` decides whether HDF5's own buffers are passed by. */
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
  values: Record<string, { dims: string[]; dtype: string; values: (number | null)[] }>;
}

const COUNTS = [3, 800];
const inFolder = (count: number, file: string) => join(folder, String(count), file);
/** What Python reads, by file and engine, and what load.py prints, by file and missing readers. */
let read: Record<string, Record<string, Record<string, Seen>>>;
let printed: Record<string, Record<string, string>>;
beforeAll(async () => {
  for (const count of COUNTS) {
    mkdirSync(join(folder, String(count)));
    writeFileSync(inFolder(count, 'posterior_all.nc'), await write(realizations(count)));
    writeFileSync(inFolder(count, 'load.py'), LOAD_PY);
  }
  const python = (script: string, file: string) =>
    JSON.parse(runPython(join(here, 'fixtures', script), ...COUNTS.map((count) => inFolder(count, file))));
  read = python('read_all.py', 'posterior_all.nc');
  printed = python('run_load.py', 'load.py');
});

describe.each(COUNTS)('posterior_all.nc of %i realizations', (count) => {
  const items = realizations(count);
  const path = inFolder(count, 'posterior_all.nc');

  it.each(['netcdf4', 'h5netcdf'])(
    'opens with xarray through %s, every value in its place, short items padded',
    (engine) => {
      const seen = read[path][engine];
      expect(seen.posterior.sizes).toEqual({ realization: count, chain: 3, draw: 5 });
      for (const [group, columns] of [
        ['posterior', 'parameters'],
        ['sample_stats', 'stats'],
      ] as const) {
        for (const { name } of items[0][columns]) {
          const variable = seen[group].values[name];
          expect(variable.dims).toEqual(['realization', 'chain', 'draw']);
          for (const i of [0, 2, count - 1]) {
            const expected = items[i][columns].find((column) => column.name === name)!.values;
            expect(variable.values.slice(15 * i, 15 * (i + 1)).map(Number), `${name} of ${i}`).toEqual([...expected]);
          }
        }
      }
      expect(seen.sample_stats.values.diverging.dtype).toBe('bool');
      const short = seen.posterior.values.g1.values.slice(15, 30);
      expect([4, 9, 14].map((i) => short[i])).toEqual([null, null, null]);
      expect(short[5]).toBe(items[1].parameters[0].values[4]);
      const { run_id, seed, n_draws, g1_true } = seen.constant_data.values;
      expect(run_id.values.at(-1)).toBe(items.at(-1)!.runId);
      expect(seed.values.slice(0, 2)).toEqual([2 ** 32 - 1, 2 ** 32 - 2]);
      expect(n_draws.values.slice(0, 3)).toEqual([5, 4, 5]);
      expect(g1_true.values[2]).toBe(2.01);
    },
  );

  it('has the header that netcdf-c expects, and equal bytes when written again', async () => {
    const header = ncdumpHeader(path);
    expect(header).toContain('double g1(realization, chain, draw) ;');
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
