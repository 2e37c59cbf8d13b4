/** What costs nothing, scored on the cells that a network is scored on: the rows that stand beside its own. */
import type { Split } from '../data/split.ts';
import type { TokenData } from '../data/types.ts';
import { fitIndependent, fitLabels, fitMixtureInTurns, REFERENCE_CLASSES } from './fit.ts';
import { type Guess, HIDDEN_SHARE, type ImputationScore, mixtureGuess, scoreImputation, zeroGuess } from './impute.ts';
import { type MixtureModel, negativeLogLikelihood } from './model.ts';

export interface BaselineScore {
  readonly id: 'zero' | 'independent' | 'cell-type' | 'perturbation' | 'mixture';
  readonly title: string;
  /** What it is, a whole sentence. */
  readonly about: string;
  /** Mean −ln p(x) a gene of the held-out cells, nats; absent where it gives no probabilities. */
  readonly nll?: number;
  readonly imputation: ImputationScore;
}

export interface Baselines {
  readonly scores: readonly BaselineScore[];
  /** The mixture, which also serves as a predictor. */
  readonly mixture: MixtureModel;
}

/**
 * Fits on the training cells, scores on those held out. Equal for equal seeds.
 * @param seed of the mixture's beginning and of which genes are hidden
 * @param pause lets other work in between
 */
export async function fitBaselines(
  { genes, bins, tokens, cellType, perturbation }: TokenData,
  { training, heldOut }: Split,
  seed: number,
  pause: () => Promise<void> = async () => {},
): Promise<Baselines> {
  const rows = { genes: genes.length, bins: bins.count, tokens };
  const impute = (guess: Guess) => scoreImputation(rows, heldOut, guess, { seed });
  const scored = (model: MixtureModel) => ({
    nll: negativeLogLikelihood(model, tokens, heldOut),
    imputation: impute(mixtureGuess(model)),
  });
  const mixture = await fitMixtureInTurns(rows, training, { seed }, pause);
  const share = `${100 * HIDDEN_SHARE} %`;
  const scores: BaselineScore[] = [
    {
      ...{ id: 'zero', title: 'Predict zero' },
      about: `Every one of the ${share} hidden genes is said to have no molecule.`,
      imputation: impute(zeroGuess(bins.count)),
    },
    {
      ...{ id: 'independent', title: 'Independent genes' },
      about: 'Every gene has its own law and knows nothing of the others; its guesses are each gene’s mode and median.',
      ...scored(fitIndependent(rows, training)),
    },
  ];
  const labelled = [
    ['cell-type', 'cell type', cellType],
    ['perturbation', 'perturbation', perturbation],
  ] as const;
  for (const [id, noun, labels] of labelled) {
    if (!labels) continue;
    scores.push({
      ...{ id, title: `Mixture of ${labels.names.length} ${noun}s` },
      about: `Genes are independent within each ${noun}, whose shares are those of the training cells.`,
      ...scored(fitLabels(rows, training, labels.codes, labels.names.length)),
    });
  }
  scores.push({
    ...{ id: 'mixture', title: `Mixture of ${REFERENCE_CLASSES}` },
    about: `${REFERENCE_CLASSES} components of independent genes, found by expectation and maximisation without labels.`,
    ...scored(mixture),
  });
  return { scores, mixture };
}
