import { afterAll, beforeAll, expect, test } from 'vitest';
import { setNetcdfThreads } from '../../src/bundle/netcdf-start.ts';
import { netcdfThreads } from '../../src/cli/netcdf-threads.ts';
import { buildNetcdfScript } from '../../src/cli/test-support/netcdf-script.ts';
import { fuzz } from './fuzz.ts';
import { readers } from './readers.ts';

const INPUTS = 600;
/** Beyond that a reader hangs, whatever the machine: what an input may take on one of its own is for `readers.validate.ts`. */
const LIMIT_MS = 120_000;

let built: Awaited<ReturnType<typeof buildNetcdfScript>>;
beforeAll(async () => {
  built = await buildNetcdfScript();
  setNetcdfThreads(netcdfThreads(built.script));
});
afterAll(() => {
  setNetcdfThreads(undefined);
  built.remove();
});

test.each(readers)(`${INPUTS} damaged files of the kind $name are read right or refused in words`, async (reader) => {
  const { faults, refused } = await fuzz(reader, INPUTS, 1, LIMIT_MS);
  expect(faults).toEqual([]);
  // Damage that nothing finds would test nothing.
  expect(refused).toBeGreaterThan(reader.lenient ? -1 : INPUTS / 10);
});
