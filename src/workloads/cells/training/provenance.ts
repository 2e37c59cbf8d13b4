/** Where a trained network comes from, as its file says it. */
import type { Provenance } from '../network-file.ts';
import type { CellsTrainingRun, HeldOutScore } from './run.ts';

/** @param source where the counts are from, in words */
export function provenanceOf(
  run: CellsTrainingRun,
  { source, adapter, score }: { readonly source: string; readonly adapter: string; readonly score?: HeldOutScore },
): Provenance {
  const { recipe, data, elapsedMs } = run.checkpoint;
  const { optimiser, objective, precision, batch, seed, splitSeed, drop, heldOut, validation } = recipe;
  const { training, heldOut: held } = run.parts;
  return {
    source,
    data,
    cells: training.length,
    steps: run.chosen.step,
    batch,
    objective,
    precision,
    seed,
    splitSeed,
    drop,
    heldOut,
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
