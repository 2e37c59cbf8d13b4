/** Runs of cells on a device: what the engine promises holds for a network, a mixture, and hidden genes of real cells. */
import { afterAll, describe, expect, test } from 'vitest';
import { parseRunConfig } from '../../src/engine/config/run-config.ts';
import { planRun } from '../../src/engine/plan/plan-run.ts';
import { RunController } from '../../src/engine/run/controller.ts';
import { collectBundle } from '../../src/engine/test-support/collect.ts';
import {
  bitsOf,
  closeFaultyDevices,
  faultyRun,
  type Subject,
  survive,
  undisturbedRun,
} from '../../src/engine/test-support/faulty-run.ts';
import type { TokenItem } from '../../src/results/tokens/item.ts';
import type { LoadedCells } from '../../src/workloads/cells/load.ts';
import type { CellsProblem } from '../../src/workloads/cells/problem.ts';
import { loadedToy } from '../../src/workloads/cells/test-support/loaded.ts';
import { cellsWorkload } from '../../src/workloads/cells/workload.ts';
import type { Workload } from '../../src/workloads/workload.ts';

afterAll(closeFaultyDevices);

/** The experiment with data and a predictor that a test made, in place of those that ship. */
function withLoaded(loaded: LoadedCells): Workload {
  const { load: _, ...rest } = cellsWorkload;
  const configure: Workload['configure'] = (params, inputs, options) =>
    cellsWorkload.configure(params, { ...inputs, loaded }, options);
  return { ...rest, configure } as unknown as Workload;
}

const subjects: readonly (readonly [string, Subject])[] = (
  [
    ['mixture', { model: 'mixture', cells: 6, steps: 5 }],
    ['network', { model: 'network', cells: 6, steps: 4, guidance: 1.5 }],
    ['network', { model: 'network', cells: 6, task: 'impute', rule: 'balanced', steps: 3 }],
    ['network', { model: 'network', cells: 6, task: 'perturbation', rule: 'first-hitting' }],
  ] as const
).map(([kind, params]) => [
  `${kind}, ${'task' in params ? params.task : 'generate'}`,
  {
    workload: withLoaded(loadedToy(kind)),
    params,
    // Submits hang on the machine's speed from the third on: faults fall before.
    chunkSubmits: 3,
    submit: { first: 1, middle: 2, collect: 3, nextChunk: 4 },
  },
]);

describe.each(subjects)('%s', (_, subject) => {
  test('gives the same bits and the same result id for any batch size', async () => {
    const { bits, resultId } = await undisturbedRun(subject);
    for (const chunk of [1, 4, 6]) {
      const { run } = await faultyRun({ subject, chunk });
      await run.run();
      expect(bitsOf(run)).toEqual(bits);
      expect((await collectBundle(run)).resultId).toBe(resultId);
    }
  });

  test('out of memory, its chunk is halved and nothing else changes', async () => {
    const { run, kinds } = await survive({ subject, faults: { outOfMemoryAtSubmit: 1 } });
    expect(kinds).toEqual(['split']);
    expect(bitsOf(run)).toEqual((await undisturbedRun(subject)).bits);
  });

  test('the device is lost, and what is missing is computed again', async () => {
    const { run, kinds } = await survive({ subject, faults: { loseAfterSubmits: 2 } });
    expect(kinds).toEqual(['loss', 'reopened', 'retry']);
    expect(bitsOf(run)).toEqual((await undisturbedRun(subject)).bits);
  });

  test('takes as many bytes as were planned', async () => {
    const { run, devices } = await faultyRun({ subject, chunk: 4, ownDevice: true });
    await run.run();
    expect(devices[0].ledger.peak).toBe(run.plan.totalBytes);
    expect(devices[0].ledger.current).toBe(0);
  });

  test('on the CPU in f64 it reveals every gene, and never rewrites one that is known', async () => {
    const { workload, params } = subject;
    const config = parseRunConfig({ workload: workload.id, batch: { size: 4 }, params }, [workload]);
    const run = new RunController({ plan: planRun(workload, config, {}, null), gpu: null, listener: {} });
    await run.run();
    const problem = run.problem as CellsProblem;
    const mask = problem.data.bins.count;
    const items = run.store.items() as unknown as TokenItem[];
    expect(items).toHaveLength(6);
    for (const { info, tokens, attributes, work } of items) {
      expect(tokens.every((token) => token < mask)).toBe(true);
      const { summarize } = cellsWorkload.results;
      expect(summarize({ info, tokens, attributes, work }, 1).converged).toBe(true);
      // One that was not revealed to the end would be told.
      expect(summarize({ info, tokens, attributes: { ...attributes, masked: 2 }, work }, 1).problems).toEqual([
        `2 of ${tokens.length} genes were never revealed`,
      ]);
      problem.known?.[info.index].tokens.forEach((token, gene) => {
        if (token !== mask) expect(tokens[gene]).toBe(token);
      });
    }
  });
});
