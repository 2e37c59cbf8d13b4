/** A decoder as the trainer knows it: kernels of a step behind those that bring its batch. */
import type { AdamwHyper } from '../../optimiser/adamw.ts';
import type { TensorSizes } from '../../tensor/kernels.ts';
import type { Training, TrainingSizes } from '../../training/training.ts';
import type { DecoderSpec } from '../spec.ts';
import { backwardPass } from './backward.ts';
import { batchBuffers, forwardPass, lossPass } from './forward.ts';
import { initialDecoder } from './init.ts';
import { DecoderPass } from './pass.ts';
import type { BatchSource } from './windows.ts';

export interface DecoderTrainingSetup {
  readonly spec: DecoderSpec;
  readonly optimiser: AdamwHyper;
  /** Sequences a step, and tokens of each. */
  readonly batch: number;
  readonly length: number;
  readonly seed: number;
  readonly sizes: TrainingSizes;
  readonly tensorSizes: TensorSizes;
  /** Starting weights instead of the seed's. */
  readonly weights?: Float32Array<ArrayBuffer>;
}

/** The loss of a step is the sum over all tokens of their weight times the cross-entropy of what follows. @throws RangeError as `checkTrainable` */
export function decoderTraining(setup: DecoderTrainingSetup, source: BatchSource): Training {
  const { spec, optimiser, batch, length, seed, sizes, tensorSizes, weights } = setup;
  const pass = new DecoderPass({ spec, batch, length, sizes: tensorSizes, kept: true });
  batchBuffers(pass);
  forwardPass(pass, true);
  lossPass(pass, true);
  backwardPass(pass);
  return {
    table: pass.decoder.table,
    losses: batch,
    lossTerms: 1,
    scaled: false,
    hyper: optimiser,
    batch,
    sizes,
    weights: () => weights ?? initialDecoder(spec, seed),
    buffers: [...pass.buffers(), ...source.buffers],
    contents: { ...pass.contents, ...source.contents },
    kernels: { ...source.kernels, ...pass.kernels },
  };
}
