import { afterAll, beforeAll, expect, test } from 'vitest';
import { setNetcdfThreads } from '../../src/bundle/netcdf-start.ts';
import { netcdfThreads } from '../../src/cli/netcdf-threads.ts';
import { buildNetcdfScript } from '../../src/cli/test-support/netcdf-script.ts';
import { type FuzzResult, fuzz } from './fuzz.ts';
import { readers } from './readers.ts';

const INPUTS = 20_000;
const LIMIT_MS = 2000;
const MOST_MIB = 500;

const results: FuzzResult[] = [];
let built: Awaited<ReturnType<typeof buildNetcdfScript>>;
beforeAll(async () => {
  built = await buildNetcdfScript();
  setNetcdfThreads(netcdfThreads(built.script));
});
afterAll(() => {
  setNetcdfThreads(undefined);
  built.remove();
  console.table(
    results.map(({ faults, slowestMs, mostMiB, ...rest }) => ({
      ...rest,
      faults: faults.length,
      slowestMs: Math.round(slowestMs),
      mostMiB: Math.round(mostMiB),
    })),
  );
});

test.each(readers)(
  `${INPUTS} damaged files of the kind $name are read right or refused in words, each within 2 s`,
  async (reader) => {
    const result = await fuzz(reader, INPUTS, 2, LIMIT_MS);
    results.push(result);
    expect(result.faults).toEqual([]);
    expect(result.mostMiB).toBeLessThan(MOST_MIB);
  },
);
