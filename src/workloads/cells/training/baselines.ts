/** What a network is measured against on its held-out cells: mixtures fitted to all others. */
import { fitIndependent, fitLabels, fitMixture } from '../baselines/fit.ts';
import { mixtureGuess, scoreImputation } from '../baselines/impute.ts';
import { type MixtureModel, negativeLogLikelihood } from '../baselines/model.ts';
import type { TokenData } from '../data/types.ts';
import type { TrainingParts } from './setup.ts';

export interface BaselineScore {
  readonly name: string;
  /** Exact, nats a gene. */
  readonly nats: number;
  /** Share of hidden genes whose likeliest bin is the true one. */
  readonly exact: number;
}

/** Independent genes, a component a label where there are labels, and a mixture of 12. Validation cells count as training cells: nothing else judges here. */
export function baselineScores(
  data: TokenData,
  { training, validation, heldOut }: TrainingParts,
  seed: number,
): BaselineScore[] {
  const rows = { genes: data.genes.length, bins: data.bins.count, tokens: data.tokens };
  const cells = [...training, ...validation];
  const labels = data.perturbation ?? data.cellType;
  const models: readonly (readonly [string, MixtureModel])[] = [
    ['independent genes', fitIndependent(rows, cells)],
    ...(labels ? [['a component a label', fitLabels(rows, cells, labels.codes, labels.names.length)] as const] : []),
    ['mixture of 12', fitMixture(rows, cells, { seed })],
  ];
  return models.map(([name, model]) => ({
    name,
    nats: negativeLogLikelihood(model, data.tokens, heldOut),
    exact: scoreImputation(rows, heldOut, mixtureGuess(model), { seed }).exact,
  }));
}
