/** The network that ships is about the cells that ship, and knows held-out ones better than any mixture does. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import { filesOnDisk } from '../../src/cli/shipped-files.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { ScoreEvaluator } from '../../src/nn/score-network/training/evaluator.ts';
import { fitBaselines } from '../../src/workloads/cells/baselines/scores.ts';
import { shippedTokens } from '../../src/workloads/cells/data/shipped.ts';
import { SHIPPED_NETWORK } from '../../src/workloads/cells/load.ts';
import { readCellsNetwork } from '../../src/workloads/cells/network-file.ts';
import { heldOut } from '../../src/workloads/cells/problem.ts';
import { heldOutNll } from '../../src/workloads/cells/training/held-out.ts';
import { sumOrder, tensorSizes } from '../../src/workloads/cells/training/setup.ts';
import { setShippedFiles } from '../../src/workloads/shipped-files.ts';

let gpu: GpuContext;
beforeAll(async () => {
  setShippedFiles(filesOnDisk(new URL('../../public/', import.meta.url)));
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

test('its bound lies below the mixture’s exact likelihood, on cells that neither has seen', async () => {
  const bytes = new Uint8Array(readFileSync(new URL(`../../public/${SHIPPED_NETWORK}`, import.meta.url)));
  const { spec, weights, subject, provenance } = readCellsNetwork(SHIPPED_NETWORK, bytes);
  const data = await shippedTokens(subject!.bins);
  expect(subject!.genes).toEqual(data.genes);
  expect([subject!.perturbations, subject!.cellTypes]).toEqual([data.perturbation!.names, data.cellType!.names]);
  const split = heldOut(data);
  const { scores } = await fitBaselines(data, split, 1);
  const { nll: mixture } = scores.find(({ id }) => id === 'mixture')!;
  const sizes = tensorSizes(defaultSizes, gpu.report, sumOrder(defaultSizes, gpu.report));
  const evaluator = await ScoreEvaluator.open(gpu, spec, 'f32', 32, sizes);
  try {
    evaluator.use(weights);
    const nll = await heldOutNll(evaluator, spec, data, split.heldOut, { seed: 2, draws: 1 });
    expect(nll.nats + 4 * nll.error).toBeLessThan(mixture!);
    // What its file says was measured with other masks: within what both sets of masks leave open.
    const said = provenance.heldOutNll as number;
    expect(Math.abs(nll.nats - said)).toBeLessThan(4 * Math.hypot(nll.error, provenance.heldOutNllError as number));
  } finally {
    evaluator.close();
  }
});
