import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { FileError } from '../bundle/file-error.ts';
import { smallPosterior } from '../bundle/fixtures/posterior.ts';
import { writePosteriorNetcdf } from '../bundle/netcdf.ts';
import { type StartNetcdfThread, setNetcdfThreads } from '../bundle/netcdf-start.ts';
import { readGivenPosterior } from '../bundle/netcdf-thread.ts';
import { readPosteriorNetcdf } from '../bundle/read-netcdf.ts';
import { netcdfThreads } from './netcdf-threads.ts';
import { buildNetcdfScript } from './test-support/netcdf-script.ts';

let built: Awaited<ReturnType<typeof buildNetcdfScript>>;
beforeAll(async () => {
  built = await buildNetcdfScript();
});
afterAll(() => built.remove());
afterEach(() => setNetcdfThreads(undefined));

test('a thread reads what its caller would, and refuses in the same words', async () => {
  setNetcdfThreads(netcdfThreads(built.script));
  const good = await writePosteriorNetcdf(smallPosterior());
  const read = await Promise.all([readGivenPosterior(good, 'a.nc'), readGivenPosterior(good, 'b.nc')]);
  const direct = await readPosteriorNetcdf(good);
  expect(read).toEqual([direct, direct]);
  const cut = good.subarray(0, 3000);
  const refusals = await Promise.all(
    [readGivenPosterior(cut, 'cut.nc'), readPosteriorNetcdf(cut, 'cut.nc')].map((each) => each.catch((e) => e)),
  );
  expect(refusals[0]).toBeInstanceOf(FileError);
  expect(refusals[0].message).toBe(refusals[1].message);
});

test('a byte that sends HDF5 into a loop without end costs its file alone', async () => {
  setNetcdfThreads(netcdfThreads(built.script));
  const good = await writePosteriorNetcdf(smallPosterior());
  // A length inside the heap of the root's links.
  expect(good[2136]).toBe(5);
  const looping = good.slice();
  looping[2136] = 255;
  await readGivenPosterior(good, 'a.nc');
  const from = performance.now();
  await expect(readGivenPosterior(looping, 'loop.nc')).rejects.toThrow(
    'loop.nc: HDF5 did not come to an end with it within 1.5 s, as it does with damaged files. Copy or write it again.',
  );
  expect(performance.now() - from).toBeLessThan(4000);
  expect(await readGivenPosterior(good, 'b.nc')).toMatchObject({ chains: 3, draws: 5 });
});

test('a thread that begins and never comes to an end is ended, and the next file has another', async () => {
  const ended: number[] = [];
  let started = 0;
  const real = netcdfThreads(built.script);
  const looping: StartNetcdfThread = (answered, broken) => {
    if (started++ > 0) return real(answered, broken);
    return { ask: () => queueMicrotask(() => answered({ type: 'begun' })), end: () => ended.push(performance.now()) };
  };
  setNetcdfThreads(looping);
  const good = await writePosteriorNetcdf(smallPosterior());
  const from = performance.now();
  const [first, second] = await Promise.allSettled([
    readGivenPosterior(good, 'loop.nc'),
    readGivenPosterior(good, 'b.nc'),
  ]);
  expect(first).toMatchObject({ status: 'rejected', reason: { name: 'FileError', file: 'loop.nc' } });
  expect((first as PromiseRejectedResult).reason.message).toContain('did not come to an end with it within 1.5 s');
  expect(ended[0] - from).toBeLessThan(2500);
  expect(second).toMatchObject({ status: 'fulfilled', value: { chains: 3, draws: 5 } });
});

test('a thread that cannot be started is said so', async () => {
  setNetcdfThreads(netcdfThreads(new URL('none.mjs', built.script)));
  const good = await writePosteriorNetcdf(smallPosterior());
  await expect(readGivenPosterior(good, 'a.nc')).rejects.toThrow(/reader of netCDF files could not be started/);
});
