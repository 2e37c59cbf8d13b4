import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
