import { expect, test } from 'vitest';
import { comparisonRows } from '../../engine/tuner/comparison.ts';
import { disturbedLines } from '../../engine/tuner/disturbance.ts';
import type { CapsReport, LadderTrial, ProbeTrial, TuneEvent, TuningResult } from '../../engine/tuner/types.ts';
import { tuningProgress } from './phases.ts';
import { batchTicks, speedPoints } from './speed-points.ts';
import { rowsOfEvents, rowsOfResult } from './trials.ts';

const caps: CapsReport = {
  caps: [{ name: 'items', limit: 'the run has 8 items', chunk: 8 }],
  binding: 'items',
  largest: 8,
};
const probe = (chunk: number, fitted: boolean): ProbeTrial => ({
  chunk,
  bytes: 100 * chunk,
  fitted,
  ms: 1,
  reason: 'Tried.',
});
const rung = (chunk: number, itemsPerSecond: number | null, attempt = 1): LadderTrial => ({
  chunk,
  attempt,
  bytes: 100 * chunk,
  verdict: itemsPerSecond === null ? 'failed' : 'measured',
  reason: 'median of 3 whole chunks',
  itemsPerSecond,
  chunkMs: itemsPerSecond === null ? null : (1000 * chunk) / itemsPerSecond,
  basis: itemsPerSecond === null ? null : 'whole',
  steps: 3,
  spread: null,
  readbackMsPerItem: null,
  tookMs: 5,
});
const serial = { items: 3, bytes: 100, msPerItem: 50, spread: 1, firstUseMs: 0, tookMs: 150 };
const choice = {
  best: 4,
  bestItemsPerSecond: 80,
  knee: 4,
  kneeItemsPerSecond: 80,
  largestSafe: 7,
  recommended: 4,
};
const verification = {
  chunk: 4,
  bytes: 400,
  passed: true,
  items: 8,
  runs: 2,
  itemsPerSecond: 75,
  firstPassItemsPerSecond: 75,
  exportMs: 10,
  reason: '8 results read back',
  tookMs: 300,
};
const probes = [probe(1, true), probe(2, true), probe(4, true), probe(8, false)];
// 2 was slow at first: the other program had gone when it was measured again.
const ladder = [rung(1, 25), rung(2, 30), rung(4, 80), rung(7, null), rung(2, 50, 2)];
const disturbances = ['Batch 2 took 40 ms in one attempt and 67 ms in another.'];

const said = { precision: 'f32' as const, line: 'A line.' };
const events = [
  { ...said, type: 'caps', caps },
  ...probes.map((trial) => ({ ...said, type: 'probe', trial })),
  { ...said, type: 'serial', trial: serial },
  ...ladder.map((trial) => ({ ...said, type: 'ladder', trial })),
  { ...said, type: 'note', line: '7 failed.' },
  { ...said, type: 'choice', choice },
  { ...said, type: 'verify', trial: verification },
  { ...said, type: 'note', line: disturbedLines({ disturbances })[0] },
] as TuneEvent[];
const result = {
  key: { items: 8 },
  caps,
  probe: { trials: probes },
  serial,
  ladder,
  ladderEnded: '7 failed.',
  verification: [verification],
  disturbances,
  recommended: 4,
};

test('a remembered result has the very rows that were told while it was measured', () => {
  expect(rowsOfResult(result as unknown as TuningResult)).toEqual(rowsOfEvents(events));
});

test('the log says of every batch what the comparison says of it', () => {
  const tuned = { ...result, key: { items: 7 } } as unknown as TuningResult;
  const rows = rowsOfResult(tuned).filter(({ verdict }) => verdict === 'measured');
  for (const { batch, itemsPerSecond } of comparisonRows(tuned)) {
    const said = rows.filter((row) => row.batch === batch).map((row) => row.itemsPerSecond!);
    expect(Math.max(...said), `batch ${batch}`).toBeCloseTo(itemsPerSecond, 12);
  }
  // 4 and 3: the three lie between the 40 ms of two and the 50 ms of four.
  expect(rows.find(({ batch }) => batch === 4)?.itemsPerSecond).toBeCloseTo(7 / 0.095, 12);
});

test('the chart has every rung, what failed at zero, and what was run for real', () => {
  const points = speedPoints(rowsOfEvents(events));
  expect(points.measured.map(({ batch, itemsPerSecond }) => [batch, itemsPerSecond])).toEqual([
    [1, 25],
    [2, 50],
    [4, 80],
  ]);
  expect(points.failed).toEqual([
    { batch: 7, itemsPerSecond: 0 },
    { batch: 8, itemsPerSecond: 0 },
  ]);
  expect(points.verified).toEqual([{ batch: 4, itemsPerSecond: 75 }]);
  expect(points).toMatchObject({ serial: 20, reach: 4 });
});

test('the ticks of the batch axis are powers of two that bound every batch', () => {
  expect(batchTicks([1, 12], 7)).toEqual([1, 2, 4, 8, 16]);
  const many = batchTicks([100_000], 7);
  expect(many[0]).toBe(1);
  expect(many[many.length - 1]).toBeGreaterThanOrEqual(100_000);
  expect(many.length).toBeLessThanOrEqual(8);
});

test('progress never falls, goes through the phases in their order, and ends near one', () => {
  const steps = events.map((_, end) => tuningProgress(events.slice(0, end + 1)));
  const fractions = steps.map(({ fraction }) => fraction);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect([...new Set(steps.map(({ phase }) => phase))]).toEqual(['probe', 'ladder', 'verify']);
  expect(tuningProgress([])).toEqual({ phase: 'caps', fraction: 0 });
  expect(fractions[fractions.length - 1]).toBeGreaterThan(0.9);
});
