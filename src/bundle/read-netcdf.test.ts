import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smallPosterior } from './fixtures/posterior.ts';
import { runPython } from './fixtures/tools.ts';
import { writeHdf5 } from './hdf5.ts';
import { writePosteriorNetcdf } from './netcdf.ts';
import { readPosteriorNetcdf } from './read-netcdf.ts';

const script = fileURLToPath(new URL('fixtures/write_arviz.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lockstep-read-netcdf-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FOREIGN = ['netcdf4,chains', 'h5netcdf,chains', 'netcdf4,draws'];
const foreign = (how: string) => join(folder, `${how}.nc`);
beforeAll(() => void runPython(script, ...FOREIGN.flatMap((how) => [foreign(how), how])));

test('a file of our own comes back with every value and attribute', async () => {
  const written = smallPosterior();
  const read = await readPosteriorNetcdf(await writePosteriorNetcdf(written));
  expect([read.chains, read.draws]).toEqual([3, 5]);
  for (const key of ['parameters', 'stats'] as const)
    expect(read[key].map(({ name, values }) => [name, [...values]])).toEqual(
      written[key].map(({ name, values }) => [name, [...values]]),
    );
  expect(read.attributes).toEqual({ ...written.attributes, inference_method: 'hmc' });
});

test.each(FOREIGN)(
  'a compressed f32 file as ArviZ writes it through %s first, chains not taken for draws',
  async (how) => {
    const read = await readPosteriorNetcdf(readFileSync(foreign(how)));
    expect([read.chains, read.draws]).toEqual([2, 5]);
    expect(read.parameters.map(({ name }) => name)).toEqual(['g1', 'g2']);
    const column = (name: string) => [...read.parameters, ...read.stats].find((each) => each.name === name)!.values;
    const g1 = Float64Array.from({ length: 10 }, (_, i) =>
      Math.fround(0.02 + 0.001 * Math.floor(i / 5) + 0.0001 * (i % 5)),
    );
    expect([...column('g1')]).toEqual([...g1]);
    expect([...column('g2')]).toEqual([...g1.map((v) => -v)]);
    expect([...column('n_steps')]).toEqual([7, 8, 9, 10, 11, 7, 8, 9, 10, 11]);
    expect([...column('diverging')]).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    expect(read.attributes).toMatchObject({ inference_library: 'numpyro', inference_method: 'nuts' });
  },
);

describe('storage by convention', () => {
  const files = ['packed', 'declared'].map((name) => join(folder, `${name}.nc`));
  const read = () => readPosteriorNetcdf(readFileSync(files[0]));
  beforeAll(() => void runPython(fileURLToPath(new URL('fixtures/write_packed.py', import.meta.url)), ...files));
  const value = (i: number) => 0.02 + 0.001 * Math.floor(i / 5) + 0.0001 * (i % 5);

  test.each([
    ['scale and offset', 'packed', value, 6],
    ['a scale and values that are missing', 'gaps', (i: number) => (i === 8 ? Number.NaN : value(i)), 5],
    ['the older word for missing values', 'old', (i: number) => (i === 0 ? Number.NaN : value(i)), 14],
    ['the other byte order', 'big', value, 14],
    ['unsigned bytes', 'byte', (i: number) => 200 + (i % 5), 14],
  ])('%s', async (_, name, expected, digits) => {
    const { parameters } = await read();
    const { values } = parameters.find((each) => each.name === name)!;
    values.forEach((found, i) => {
      if (Number.isNaN(expected(i))) expect(found).toBeNaN();
      else expect(found).toBeCloseTo(expected(i), digits - 1);
    });
  });

  test('a file of some kilobytes that declares 64 million values is refused before they are made', async () => {
    const bytes = readFileSync(files[1]);
    const before = process.memoryUsage().arrayBuffers;
    await expect(readPosteriorNetcdf(bytes, 'bomb.nc')).rejects.toThrow(
      `bomb.nc: g1 declares 8192 × 8192 values, 536870912 bytes, and the file's ${bytes.length} bytes cannot hold them`,
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 26);
  });
});

test('what cannot be read is refused by name', async () => {
  const good = await writePosteriorNetcdf(smallPosterior());
  await expect(readPosteriorNetcdf(new Uint8Array(100), 'a/posterior.nc')).rejects.toThrow(
    'a/posterior.nc: it is no netCDF-4',
  );
  await expect(readPosteriorNetcdf(good.subarray(0, 3000), 'cut.nc')).rejects.toThrow('cut.nc: HDF5 cannot read it');
  const empty = await writeHdf5(0, (file) => void file.create_group('prior', true));
  await expect(readPosteriorNetcdf(empty, 'prior.nc')).rejects.toThrow('no group "posterior"');
  const flat = await writeHdf5(0, (file) => {
    file.create_group('posterior', true).create_dataset({ name: 'g1', data: new Float64Array(4), shape: [4] });
  });
  await expect(readPosteriorNetcdf(flat, 'flat.nc')).rejects.toThrow('(chain, draw)');
  // The door is not left broken by a file that failed.
  expect((await readPosteriorNetcdf(good)).chains).toBe(3);
});
