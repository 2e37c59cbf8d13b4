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
  await expect(readGivenPosterior(looping, 'loop.nc')).rejects.toThrow(
    /^loop\.nc: HDF5 did not come to an end with it within \d+\.\d s, as it does with damaged files\. Copy or write it again\.$/,
  );
  expect(await readGivenPosterior(good, 'b.nc')).toMatchObject({ chains: 3, draws: 5 });
});

test.each([
  [1, '1.5 s'],
  [1.4, '2.1 s'],
])(
  'a thread that begins, %d times as slow as a quiet one, and never comes to an end is ended, and the next file has another',
  async (slowness, time) => {
    let ended = 0;
    let started = 0;
    const real = netcdfThreads(built.script);
    const looping: StartNetcdfThread = (answered, broken) => {
      if (started++ > 0) return real(answered, broken);
      return { ask: () => queueMicrotask(() => answered({ type: 'begun', slowness })), end: () => ended++ };
    };
    setNetcdfThreads(looping);
    const good = await writePosteriorNetcdf(smallPosterior());
    const [first, second] = await Promise.allSettled([
      readGivenPosterior(good, 'loop.nc'),
      readGivenPosterior(good, 'b.nc'),
    ]);
    expect(first).toMatchObject({ status: 'rejected', reason: { name: 'FileError', file: 'loop.nc' } });
    expect((first as PromiseRejectedResult).reason.message).toContain(`did not come to an end with it within ${time}`);
    expect(ended).toBe(1);
    expect(second).toMatchObject({ status: 'fulfilled', value: { chains: 3, draws: 5 } });
  },
);

test('a thread that cannot be started is said so', async () => {
  setNetcdfThreads(netcdfThreads(new URL('none.mjs', built.script)));
  const good = await writePosteriorNetcdf(smallPosterior());
  await expect(readGivenPosterior(good, 'a.nc')).rejects.toThrow(/reader of netCDF files could not be started/);
});
