import { expect, test } from 'vitest';
import type { AdapterReport } from '../../gpu/report.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { gaussianWorkload } from '../test-support/gaussian.ts';
import { planRun, requireFit } from './plan-run.ts';

const MIB = 1024 ** 2;
const workload = gaussianWorkload();

function report(maxBufferSize: number): AdapterReport {
  return {
    vendor: 'v',
    architecture: 'a',
    device: 'd',
    description: '',
    software: false,
    runtime: 'node',
    features: [],
    limits: { maxBufferSize, maxStorageBufferBindingSize: 2 * maxBufferSize },
    loopIterationLimit: null,
    name: 'v a',
  };
}

function plan(batch: object, items: number, adapter: AdapterReport | null, chunk?: number) {
  const config = parseRunConfig({ batch, params: { means: [0], repeats: items } }, [workload]);
  return planRun(workload, config, {}, adapter, { chunk });
}

test('auto takes the largest chunk that items, the batch table, the budget and the adapter allow', () => {
  expect(plan({}, 10, report(1024 * MIB)).chunk).toBe(10);
  expect(plan({}, 1000, report(1024 * MIB)).chunk).toBe(128);
  expect(plan({ memoryClass: 'software' }, 1000, report(1024 * MIB)).chunk).toBe(64);
  expect(plan({ memoryBudgetMiB: 33 }, 1000, report(1024 * MIB)).chunk).toBe(32);
  expect(plan({}, 1000, report(20 * MIB)).chunk).toBe(20);
});

test('the slider’s end is the largest chunk that fits, without the limit of auto', () => {
  expect(plan({ memoryClass: 'integrated' }, 1000, report(512 * MIB))).toMatchObject({
    largestChunk: 512,
    chunk: 64,
    chunks: 16,
    chunkSource: 'table',
  });
});

test('a chunk over a cap names the cap, its bytes and the largest that fits', () => {
  const overBudget = plan({ size: 100, memoryBudgetMiB: 50 }, 1000, report(1024 * MIB));
  expect(overBudget.tooLarge).toContain('100.0 MiB (104,857,664 bytes)');
  expect(overBudget.tooLarge).toContain('The largest that fits is 49.');
  expect(() => requireFit(overBudget)).toThrow('memory budget is 50.0 MiB');
  const overBuffer = plan({}, 1000, report(20 * MIB), 21);
  expect(overBuffer.tooLarge).toContain('buffer "draws"');
  expect(plan({}, 1000, report(20 * MIB), 20).tooLarge).toBeUndefined();
});

test('not one item fits: said so', () => {
  const none = plan({}, 5, report(MIB / 2));
  expect(none).toMatchObject({ chunk: 1, largestChunk: 0 });
  expect(none.tooLarge).toContain('Not even one galaxy fits');
});

test('a batch larger than the run is the run; without an adapter nothing is too large', () => {
  expect(plan({ size: 500 }, 7, report(1024 * MIB)).chunk).toBe(7);
  expect(plan({ size: 100, memoryBudgetMiB: 1 }, 1000, null)).toMatchObject({ chunk: 100, mode: 'cpu' });
  expect(plan({ size: 100, memoryBudgetMiB: 1 }, 1000, null).tooLarge).toBeUndefined();
});

test('what the tuner found is the size of auto, as far as memory allows; a size given goes before it', () => {
  const tuned = (batch: object) =>
    planRun(
      workload,
      parseRunConfig({ batch, params: { means: [0], repeats: 1000 } }, [workload]),
      {},
      report(512 * MIB),
      {
        tuned: 300,
      },
    );
  expect(tuned({})).toMatchObject({ chunk: 300, chunkSource: 'tuned' });
  expect(tuned({ memoryBudgetMiB: 100 })).toMatchObject({ chunk: 99, chunkSource: 'tuned' });
  expect(tuned({ size: 7 })).toMatchObject({ chunk: 7, chunkSource: 'given' });
});
