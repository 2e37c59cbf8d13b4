import { afterAll, beforeAll, expect, test } from 'vitest';
import { machine } from '../../bench/lib/machine.ts';
import { figure, table, writeResults } from '../../bench/lib/table.ts';
import { setNetcdfThreads } from '../../src/bundle/netcdf-start.ts';
import { netcdfThreads } from '../../src/cli/netcdf-threads.ts';
import { buildNetcdfScript } from '../../src/cli/test-support/netcdf-script.ts';
import { type FuzzResult, fuzz } from './fuzz.ts';
import { readers } from './readers.ts';

const INPUTS = 20_000;
const SEED = 2;
const LIMIT_MS = 2000;
const MOST_MIB = 500;

/** As bench/results/fuzz.md has it. */
function fuzzTable(all: readonly FuzzResult[]): string {
  const { cpu, date, commit } = machine();
  const rows = all.map((each) => [
    each.reader,
    ...[each.inputs, each.read, each.refused, each.faults.length, each.seconds, each.slowestMs, each.mostMiB].map(
      figure,
    ),
  ]);
  return `# Damaged files

Written by \`npm run validate\` (tests/fuzz): of every reader, good files with one to four changes (seed ${SEED}): bits, bytes, numbers of 32 bits, pieces
cut out, doubled, moved, put in from another file, words that trip readers. Each input must be read within the rules of its kind
(counts that agree, finite numbers) or be refused with a typed error that says what to do. Faults: anything else, or more than ${LIMIT_MS / 1000} s
(twice, for another process may have had the core). Memory: the largest growth of the whole process, the reader's thread included,
from the first input to the last; at most ${MOST_MIB} MiB is allowed. ${cpu}, ${date}, commit ${commit}.

${table(['reader', 'inputs', 'read', 'refused in words', 'faults', 'seconds in all', 'slowest, ms', 'memory, MiB'], rows)}
`;
}

const results: FuzzResult[] = [];
let built: Awaited<ReturnType<typeof buildNetcdfScript>>;
beforeAll(async () => {
  built = await buildNetcdfScript();
  setNetcdfThreads(netcdfThreads(built.script));
});
afterAll(() => {
  setNetcdfThreads(undefined);
  built.remove();
  if (results.length === readers.length) writeResults('fuzz', fuzzTable(results), results);
});

test.each(readers)(
  `${INPUTS} damaged files of the kind $name are read right or refused in words, each within 2 s`,
  async (reader) => {
    const result = await fuzz(reader, INPUTS, SEED, LIMIT_MS);
    results.push(result);
    expect(result.faults).toEqual([]);
    expect(result.mostMiB).toBeLessThan(MOST_MIB);
  },
);
