/** What cells that a network has not seen say of it: as its training goes on, and at the end. */
import type { ScoreNetworkSpec } from '../../../nn/score-network/spec.ts';
import type { ScoreEvaluator } from '../../../nn/score-network/training/evaluator.ts';
import { HIDDEN_SHARE } from '../baselines/impute.ts';
import type { TokenData } from '../data/types.ts';
import { type HeldOutNll, heldOutImputation, heldOutNll, type Imputation } from './held-out.ts';

/** Masks in all, as it goes on and at the end, and masks a cell at least and at most: of many cells each needs few. */
const JUDGING_MASKS = { all: 512, least: 2, most: 8 };
const FINAL_MASKS = { all: 2400, least: 4, most: 16 };
/** Of masks and hidden genes: whatever the recipe's seed, every network is asked the same. */
export const MASK_SEED = 1;

const drawsFor = (cells: number, { all, least, most }: typeof JUDGING_MASKS) =>
  Math.min(most, Math.max(least, Math.ceil(all / cells)));

/** What held-out cells say of a network. */
export interface HeldOutScore {
  /** Given the cells' labels, where the network takes any. */
  readonly nll: HeldOutNll;
  /** Given none. */
  readonly nllWithoutLabels?: HeldOutNll;
  readonly imputation: Imputation;
}

/** The bound on the cells that judge. */
export function judge(
  evaluator: ScoreEvaluator,
  spec: ScoreNetworkSpec,
  data: TokenData,
  cells: ArrayLike<number>,
): Promise<HeldOutNll> {
  return heldOutNll(evaluator, spec, data, cells, { seed: MASK_SEED, draws: drawsFor(cells.length, JUDGING_MASKS) });
}

/** The bound and imputation on the held-out cells. */
export async function scoreHeldOut(
  evaluator: ScoreEvaluator,
  spec: ScoreNetworkSpec,
  data: TokenData,
  cells: ArrayLike<number>,
): Promise<HeldOutScore> {
  const masks = { seed: MASK_SEED, draws: drawsFor(cells.length, FINAL_MASKS) };
  const labelled = spec.perturbations + spec.cellTypes > 0;
  return {
    nll: await heldOutNll(evaluator, spec, data, cells, masks),
    ...(labelled &&
      spec.variant === 'lockstep' && {
        nllWithoutLabels: await heldOutNll(evaluator, spec, withoutLabels(data), cells, masks),
      }),
    imputation: await heldOutImputation(evaluator, spec, data, cells, { seed: MASK_SEED, share: HIDDEN_SHARE }),
  };
}

/** The same cells, of which no label is told. */
function withoutLabels(data: TokenData): TokenData {
  const none = <T extends { readonly names: readonly string[]; readonly codes: Uint32Array<ArrayBuffer> }>(
    labels: T,
  ) => ({
    ...labels,
    codes: labels.codes.map(() => labels.names.length),
  });
  return {
    ...data,
    ...(data.perturbation && { perturbation: none(data.perturbation) }),
    ...(data.cellType && { cellType: none(data.cellType) }),
  };
}
