/** Made-up ladders and results whose figures are easy to follow. */
import type { LadderTrial, TuningResult } from '../types.ts';

/** Trials by chunk size: items per second, or how the trial ended. */
export function ladderOf(rates: Readonly<Record<number, number | 'failed' | 'cut'>>): LadderTrial[] {
  return Object.entries(rates).map(([size, rate]) => {
    const chunk = Number(size);
    const measured = typeof rate === 'number';
    return {
      chunk,
      attempt: 1,
      bytes: 1000 * chunk + 24,
      verdict: measured ? 'measured' : rate,
      reason: measured ? 'median of 3 whole chunks' : `${chunk} went wrong`,
      itemsPerSecond: measured ? rate : null,
      chunkMs: measured ? (1000 * chunk) / rate : null,
      basis: measured ? 'whole' : null,
      steps: measured ? 3 : 0,
      spread: measured ? 1 : null,
      readbackMsPerItem: null,
      tookMs: 1,
    };
  });
}

/** 40 galaxies: 500 ms each serially, chunks of 1 a little faster, 4 recommended, which ran at 7.5 a second. */
export function resultOf(changes: Partial<TuningResult> = {}): TuningResult {
  return {
    key: {
      adapter: { name: 'Acme 1', vendor: 'acme', architecture: 'one' },
      runtime: 'node 20.19.0',
      workload: 'gaussian',
      precision: 'f32',
      work: 'sha256:0',
      items: 40,
      appVersion: '1.2.3',
    },
    date: '2026-11-18T10:00:00.000Z',
    software: false,
    itemName: { one: 'galaxy', many: 'galaxies' },
    caps: { caps: [{ name: 'items', limit: 'the run has 40 galaxies', chunk: 40 }], binding: 'items', largest: 40 },
    probe: { trials: [], largestFitted: 40, refused: false },
    serial: { items: 3, bytes: 1024, msPerItem: 500, spread: 1.1, firstUseMs: 20, tookMs: 1600 },
    ladder: ladderOf({ 1: 2.5, 4: 8, 8: 8.1, 16: 'failed' }),
    disturbances: [],
    ladderEnded: '16 failed; larger chunks would, too.',
    choice: {
      best: 8,
      bestItemsPerSecond: 8.1,
      knee: 4,
      kneeItemsPerSecond: 8,
      largestSafe: 36,
      recommended: 4,
    },
    verification: [
      {
        chunk: 4,
        bytes: 4024,
        passed: true,
        items: 40,
        runs: 1,
        itemsPerSecond: 7.5,
        firstPassItemsPerSecond: 7.8,
        exportMs: 12,
        reason: '40 results read back',
        tookMs: 5400,
      },
    ],
    recommended: 4,
    recommendedBytes: 4024,
    predictedItemsPerSecond: 7.5,
    sentence: '40 galaxies fit; 4 is 98 % as fast and uses 3.9 KiB (4,024 bytes)',
    tookMs: 9000,
    ...changes,
  };
}
