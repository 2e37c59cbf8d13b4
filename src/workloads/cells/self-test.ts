/** The sampler's kernels on this device: cells of a small chain against its exact law. */
import type { GpuContext } from '../../gpu/context.ts';
import { chiSquareQuantile, chiSquareTest } from '../../stats/chi-square.ts';
import { selfTestCheck } from '../self-test.ts';
import type { Precision, SelfTestCheck } from '../workload.ts';
import { DeviceTable } from './sampling/device-tables.ts';
import { countStates, exactLaw } from './sampling/exact-law.ts';
import { DeviceSampler } from './sampling/session-core.ts';
import type { SamplerSettings } from './sampling/settings.ts';
import { TablePredictor } from './sampling/table-predictor.ts';

const CELLS = 20_000;
const FIRST_SEED = 20_240_218;

/** A Markov chain of three genes of three bins; the first gene never has the last one. */
const FIRST = [0.6, 0.4, 0];
const NEXT = [
  [0.8, 0.15, 0.05],
  [0.1, 0.75, 0.15],
  [0.25, 0.05, 0.7],
];

/** N = 16: a tenth of the cells reveal two genes at once, which the law shows. */
const SETTINGS: SamplerSettings = {
  genes: 3,
  bins: 3,
  rule: 'tweedie',
  schedule: 'loglinear',
  steps: 16,
  temperature: 1,
  guidance: 1,
};

/** A right sampler fails so often over all seeds; with these it always passes. */
const ALLOWED_P = 1e-4;

function chain(): number[] {
  return FIRST.flatMap((p, a) => NEXT[a].flatMap((q, b) => NEXT[b].map((r) => p * q * r)));
}

/** Draws are f32 in every precision, so they are tried once. Throws the typed errors of `GpuContext`; frees all memory however it ends. */
export async function selfTestSampling(gpu: GpuContext, precision: Precision): Promise<SelfTestCheck[]> {
  if (precision !== 'f32') return [];
  const twin = new TablePredictor({ genes: 3, bins: 3, classes: [chain()] });
  const law = await exactLaw(SETTINGS, twin);
  const sampler = await DeviceSampler.open(gpu, SETTINGS, new DeviceTable(twin), CELLS);
  try {
    sampler.begin({ seeds: Uint32Array.from({ length: CELLS }, (_, i) => FIRST_SEED + i) });
    await sampler.advance(Number.POSITIVE_INFINITY);
    const { statistic, degrees, forbidden } = chiSquareTest(countStates(await sampler.tokens(), SETTINGS), law);
    const name = 'Cells of a Markov chain';
    return [
      selfTestCheck({
        name,
        precision,
        measure: `χ² of ${CELLS} cells against their exact law, ${degrees} degrees of freedom`,
        measured: statistic,
        allowed: chiSquareQuantile(ALLOWED_P, degrees),
        reason: 'Cells of the right law exceed it with one set of seeds in 10,000.',
      }),
      selfTestCheck({
        name,
        precision,
        measure: `cells of ${CELLS} in a state of probability 0`,
        measured: forbidden,
        allowed: 0,
        reason: 'A token of weight 0 may never be drawn.',
      }),
    ];
  } finally {
    sampler.close();
  }
}
