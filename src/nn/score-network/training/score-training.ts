/** A score network as the trainer knows it: kernels of a step behind those that bring its batch. */

import type { PlannedBuffer } from '../../../gpu/plan.ts';
import type { Precision } from '../../../gpu/precision.ts';
import type { AdamwHyper } from '../../optimiser/adamw.ts';
import type { TensorSizes } from '../../tensor/kernels.ts';
import type { StepKernel, Training, TrainingSizes } from '../../training/training.ts';
import { initialScoreNetwork } from '../init.ts';
import type { ScoreNetworkSpec } from '../spec.ts';
import { backwardPass } from './backward.ts';
import { batchBuffers, forwardPass, lossPass } from './forward.ts';
import { Pass } from './pass.ts';

/** What fills the buffers of `BATCH_BUFFERS` in every step. */
export interface BatchSource {
  readonly kernels: Readonly<Record<string, StepKernel>>;
  readonly buffers: readonly PlannedBuffer[];
  readonly contents: Training['contents'];
}

export interface ScoreTrainingSetup {
  readonly spec: ScoreNetworkSpec;
  readonly precision: Precision;
  readonly optimiser: AdamwHyper;
  /** Cells a step. */
  readonly batch: number;
  readonly seed: number;
  readonly sizes: TrainingSizes;
  readonly tensorSizes: TensorSizes;
  /** Starting weights instead of the seed's. */
  readonly weights?: Float32Array<ArrayBuffer>;
}

/** The loss of a step is the sum over all rows of their weight times their cross-entropy. @throws RangeError for a network that no kernel has */
export function scoreTraining(setup: ScoreTrainingSetup, source: BatchSource): Training {
  const { spec, precision, optimiser, batch, seed, sizes, tensorSizes, weights } = setup;
  const pass = new Pass({ spec, precision, cells: batch, sizes: tensorSizes, kept: true });
  batchBuffers(pass);
  forwardPass(pass, true);
  lossPass(pass, 'slopes');
  backwardPass(pass);
  return {
    table: pass.network.table,
    losses: batch,
    lossTerms: 1,
    scaled: precision !== 'f32',
    hyper: optimiser,
    batch,
    sizes,
    weights: () => weights ?? initialScoreNetwork(spec, seed),
    buffers: [...pass.buffers(), ...source.buffers],
    contents: { ...pass.contents, ...source.contents },
    kernels: { ...source.kernels, ...pass.kernels },
  };
}
