/** The comparison table and what is remembered, from results whose figures are known. */
import { expect, test } from 'vitest';
import { decodeCsv } from '../../bundle/csv.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { planRun } from '../plan/plan-run.ts';
import { gaussianWorkload } from '../test-support/gaussian.ts';
import { chooseBatch } from './choose.ts';
import { comparisonCsv, comparisonMarkdown, comparisonRows } from './comparison.ts';
import { decodeResults, encodeResults, planRemembered, recall, remember, tuningKey } from './memory.ts';
import { newProcessRate } from './prediction.ts';
import { ladderOf, resultOf } from './test-support/results.ts';
import { tuningJson } from './tuning-json.ts';
import { batchNote } from './words.ts';

test('serial first, then what was measured: time, speed-up, memory and cost of all items', () => {
  const rows = comparisonRows(resultOf(), { pricePerHour: 36 });
  expect(rows.map(({ batch, basis, recommended }) => [batch, basis, recommended])).toEqual([
    ['serial', 'serial', false],
    [1, 'whole', false],
    [4, 'whole', true],
    [8, 'whole', false],
  ]);
  const [serial, one, four] = rows;
  expect(serial).toMatchObject({ seconds: 20, speedup: 1, bytes: 1024, cost: 0.2 });
  expect(one).toMatchObject({ seconds: 16, speedup: 1.25, bytes: 1024 });
  // By the ladder like every other row, 8 items/s; the 7.5 of the real run are no row.
  expect(four).toMatchObject({ seconds: 5, speedup: 4, bytes: 4024 });
  expect(four.cost).toBeCloseTo(0.05, 12);
});

const ladders: readonly { readonly items: number; readonly rates: Parameters<typeof ladderOf>[0] }[] = [
  { items: 3, rates: { 1: 10, 2: 22.3, 3: 20.5 } },
  { items: 6, rates: { 1: 3.24, 2: 2.1, 4: 2.2, 6: 2.3 } },
  { items: 12, rates: { 1: 1, 2: 2, 4: 3.9, 8: 4, 12: 3.95 } },
  { items: 40, rates: { 1: 2.5, 4: 8, 8: 8.1, 16: 'failed' } },
];
test.each(ladders)('for $items items the choice follows from the rates of the table: $rates', ({ items, rates }) => {
  const ladder = ladderOf(rates);
  const choice = chooseBatch({ ladder, items, largestFitted: items, refused: false });
  const { key, serial } = resultOf();
  const result = resultOf({ key: { ...key, items }, ladder, choice, recommended: choice.recommended });
  const batches = comparisonRows({ ...result, serial }).filter(({ batch }) => batch !== 'serial');
  const fastest = batches.reduce((a, b) => (b.itemsPerSecond > a.itemsPerSecond ? b : a));
  expect(choice).toMatchObject({ best: fastest.batch, bestItemsPerSecond: fastest.itemsPerSecond });
  const chosen = batches.find(({ recommended }) => recommended)!;
  expect(chosen).toMatchObject({ batch: choice.recommended, itemsPerSecond: choice.kneeItemsPerSecond });
  expect(chosen.itemsPerSecond).toBeGreaterThanOrEqual(0.95 * fastest.itemsPerSecond);
  for (const { batch, itemsPerSecond } of batches)
    if (batch < chosen.batch) expect(itemsPerSecond).toBeLessThan(0.95 * fastest.itemsPerSecond);
});

test('a batch that was stepped down to has a row between its neighbours', () => {
  const rows = comparisonRows(resultOf({ recommended: 3, recommendedBytes: 3024 }));
  expect(rows.map(({ batch }) => batch)).toEqual(['serial', 1, 3, 4, 8]);
  // 400 ms for 1, 500 ms for 4: 40 in chunks of 3 take 13 × 466.7 ms and 400 ms.
  expect(rows[2]).toMatchObject({ basis: 'between', recommended: true, bytes: 3024 });
  expect(rows[2].seconds).toBeCloseTo((13 * (400 + 200 / 3) + 400) / 1000, 12);
});

test('for another number of items, without serial, without a price', () => {
  const rows = comparisonRows(resultOf({ serial: undefined }), { items: 80 });
  expect(rows[0]).toMatchObject({ batch: 1, seconds: 32, speedup: null, cost: null });
  expect(rows.find(({ batch }) => batch === 4)).toMatchObject({ seconds: 10, basis: 'whole' });
});

test('a new process pays for the first use of the kernels', () => {
  const result = resultOf({ predictedItemsPerSecond: 10, serial: { ...resultOf().serial!, firstUseMs: 1000 } });
  expect(newProcessRate(result)).toBeCloseTo(8, 12);
  expect(newProcessRate({ ...result, serial: undefined })).toBeCloseTo(10, 12);
});

test('CSV reads back with full digits; Markdown says on what it was measured', () => {
  const result = resultOf({ ladder: ladderOf({ 1: 3 }), software: true });
  const { header, rows } = decodeCsv('comparison.csv', comparisonCsv(result, { pricePerHour: 1 }));
  const cell = (row: number, name: string) => rows[row][header.indexOf(name)];
  expect(Number(cell(1, 'seconds'))).toBe(comparisonRows(result)[1].seconds);
  expect(cell(0, 'batch')).toBe('serial');
  expect(cell(2, 'memory_bytes')).toBe('4024');
  const column = (name: string) => rows.map((_, row) => cell(row, name));
  expect(column('run_for_real_items_per_second')).toEqual(['', '', '7.5']);
  expect(column('measured_by')[2]).toContain('recommended');
  const markdown = comparisonMarkdown(result, { pricePerHour: 1 });
  expect(markdown).toContain('Run for real, 4 at a time: 7.5 items/s');
  expect(markdown).not.toContain('Disturbed');
  expect(comparisonMarkdown({ ...result, disturbances: ['It was seen.'] })).toContain('when it is quiet. It was seen.');
  expect(markdown).toContain('Acme 1 (node 20.19.0), gaussian, f32, 2026-11-18');
  expect(markdown).toContain("not a GPU's");
  const lines = markdown.split('\n').filter((line) => line.startsWith('|'));
  expect(lines).toHaveLength(2 + 3);
  expect(new Set(lines.map((line) => line.split('|').length)).size).toBe(1);
  expect(comparisonMarkdown(result)).not.toContain('cost');
});

const workload = gaussianWorkload();
const report = {
  vendor: 'acme',
  architecture: 'one',
  device: '',
  description: '',
  software: false,
  runtime: 'node',
  features: [],
  limits: { maxBufferSize: 2 ** 32, maxStorageBufferBindingSize: 2 ** 32 },
  loopIterationLimit: null,
  name: 'Acme 1',
} as const;
const configOf = (json: object) => parseRunConfig({ params: { repeats: 20 }, ...json }, [workload]);
const keyOf = (json: object, adapter: Parameters<typeof tuningKey>[1] = report) =>
  tuningKey(planRun(workload, configOf(json), {}, adapter), adapter);

test('the key changes with work, items, adapter and program, not with the seed or what costs nothing', () => {
  const key = keyOf({});
  expect(keyOf({ seed: 7 })).toEqual(key);
  expect(keyOf({ params: { repeats: 20, noiseSigma: 3 } })).toEqual(key);
  expect(keyOf({ batch: { size: 3 } })).toEqual(key);
  for (const other of [
    keyOf({ params: { repeats: 20, draws: 80 } }),
    keyOf({ params: { repeats: 21 } }),
    keyOf({}, { ...report, architecture: 'two' }),
  ]) {
    expect(recall([resultOf({ key })], other)).toBeUndefined();
  }
  expect(recall([resultOf({ key })], keyOf({ seed: 7 }))).toBeDefined();
});

test('a new result takes the place of the old one, newest first; the file reads back, others count as empty', () => {
  const [a, b] = [keyOf({}), keyOf({ params: { repeats: 5 } })];
  let results = remember(remember([], resultOf({ key: a, recommended: 4 })), resultOf({ key: b }));
  results = remember(results, resultOf({ key: a, recommended: 9 }));
  expect(results.map(({ recommended }) => recommended)).toEqual([9, 4]);
  expect(decodeResults(encodeResults(results))).toEqual(results);
  for (const text of ['', 'null', '{"schema":"lockstep-tuning-1","results":[]}', '{"schema":"lockstep-tuning-2"}'])
    expect(decodeResults(text)).toEqual([]);
  for (let i = 1; i <= 70; i++) results = remember(results, resultOf({ key: { ...a, items: i } }));
  expect(results).toHaveLength(64);
  expect(results[0].key.items).toBe(70);
});

test('batch size "auto" takes what is remembered, within the caps; a given one goes before it', () => {
  const results = [resultOf({ key: keyOf({}), recommended: 9 })];
  const plan = (json: object, adapter: typeof report | null = report) =>
    planRemembered(results, workload, configOf(json), {}, adapter);
  expect(plan({})).toMatchObject({ plan: { chunk: 9, chunkSource: 'tuned' }, tuning: { recommended: 9 } });
  expect(plan({ batch: { size: 'auto', memoryBudgetMiB: 6 } }).plan).toMatchObject({ chunk: 5, chunkSource: 'tuned' });
  expect(plan({ batch: { size: 3 } })).toEqual({ plan: expect.objectContaining({ chunk: 3, chunkSource: 'given' }) });
  expect(plan({ params: { repeats: 21 } }).plan.chunkSource).toBe('table');
  expect(plan({}, null).plan.chunkSource).toBe('table');
});

test('tuning.json says who decided, and all of the measurement where it was the tuner', () => {
  const tuning = resultOf({ key: keyOf({}), recommended: 9 });
  const tuned = planRemembered([tuning], workload, configOf({}), {}, report);
  expect(JSON.parse(tuningJson(tuned.plan, tuned.tuning))).toMatchObject({
    source: 'tuned',
    chunk: 9,
    date: tuning.date,
    key: { adapter: { name: 'Acme 1' } },
    choice: { largest_safe: 36 },
    disturbed: false,
    disturbances: [],
    ladder: expect.arrayContaining([expect.objectContaining({ items_per_second: 8, verdict: 'measured' })]),
  });
  expect(JSON.parse(tuningJson(tuned.plan, { ...tuning, disturbances: ['It was seen.'] }))).toMatchObject({
    disturbed: true,
    disturbances: ['It was seen.'],
  });
  const given = planRun(workload, configOf({ batch: { size: 3 } }), {}, report);
  expect(JSON.parse(tuningJson(given))).toEqual({ source: 'given', chunk: 3, memory_class: given.memoryClass });
});

test('a run says where its chunk comes from and how old that is', () => {
  const now = Date.parse('2026-11-21T10:00:00.000Z');
  expect(batchNote(4, resultOf(), now)).toBe('Chunks of 4, tuned on this adapter 3 days ago: 7.47 items/s predicted.');
  expect(batchNote(3, resultOf(), now)).toContain("3 of 4 for today's memory budget");
  expect(batchNote(64, undefined, now)).toContain('lockstep tune');
});
