/** Where a trained network comes from, as its file says it. */
import type { Provenance } from '../model.ts';
import { encodeCellsNetwork } from '../network-file.ts';
import type { HeldOutScore } from './held-out-score.ts';
import type { CellsTrainingRun } from './run.ts';

interface Told {
  readonly adapter: string;
  readonly score?: HeldOutScore;
}

/** The network of the best judgement so far as a file. */
export function encodeTrained(run: CellsTrainingRun, told: Told): Uint8Array<ArrayBuffer> {
  const { spec, weights, genes, bins, perturbations, cellTypes } = run.model;
  const subject = { genes, bins, perturbations, cellTypes };
  return encodeCellsNetwork({ spec, weights, subject, provenance: provenanceOf(run, told) });
}

function provenanceOf(run: CellsTrainingRun, { adapter, score }: Told): Provenance {
  const { recipe, data, elapsedMs } = run.checkpoint;
  const { optimiser, objective, precision, batch, seed, splitSeed, drop, heldOut, folds, fold, validation } = recipe;
  const { training, heldOut: held } = run.parts;
  return {
    source: run.source,
    data,
    cells: training.length,
    steps: run.chosen.step,
    batch,
    objective,
    precision,
    seed,
    splitSeed,
    drop,
    ...(folds > 1 ? { folds, fold } : { heldOut }),
    validation,
    learningRate: optimiser.rate,
    decay: optimiser.decay,
    average: optimiser.average,
    seconds: Math.round(elapsedMs / 1000),
    adapter,
    ...(score && {
      heldOutNll: score.nll.nats,
      heldOutNllError: score.nll.error,
      heldOutCells: held.length,
      heldOutDraws: score.nll.draws,
      imputedExactly: score.imputation.exact,
      ...(score.nllWithoutLabels && { heldOutNllWithoutLabels: score.nllWithoutLabels.nats }),
    }),
  };
}
