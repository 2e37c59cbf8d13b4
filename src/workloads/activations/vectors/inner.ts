/** Which layer, judged inside the training parts alone. */
import { aucDeLong } from '../../../stats/classification/auc.ts';
import { projections } from '../../../stats/classification/products.ts';
import type { Direction } from './fit.ts';
import type { Folds } from './folds.ts';
import { type FoldScores, judged, mean, sampleOf, textsOf } from './judge.ts';
import type { ChosenLayer } from './types.ts';

/**
 * Mean AUC over inner folds, for every fold: fits to all but two folds are judged on one of the two, which the other one's training part
 * holds; so each serves both. With two folds there is no such fitted: the fold's own training part judges then, which favours deep fits.
 */
export function innerAucs(
  folds: Folds,
  y: Uint8Array,
  x: Float64Array,
  fits: readonly FoldScores[],
  fitted: (texts: number[], fold: number) => Direction,
): Float64Array {
  const found: number[][] = Array.from({ length: folds.count }, () => []);
  if (folds.count === 2) {
    for (const { fold, scores } of fits)
      found[fold].push(
        aucDeLong(
          sampleOf(
            scores,
            y,
            textsOf(folds, (each) => each !== fold),
          ),
        ).auc,
      );
  }
  for (let a = 0; a < folds.count && folds.count > 2; a++) {
    for (let b = a + 1; b < folds.count; b++) {
      const texts = textsOf(folds, (each) => each !== a && each !== b);
      if (new Set(texts.map((text) => y[text])).size < 2) continue;
      const scores = projections(x, fitted(texts, a).vector);
      for (const [outer, inner] of [
        [a, b],
        [b, a],
      ]) {
        const { auc } = aucDeLong(
          sampleOf(
            scores,
            y,
            textsOf(folds, (each) => each === inner),
          ),
        );
        if (!Number.isNaN(auc)) found[outer].push(auc);
      }
    }
  }
  return Float64Array.from(found, mean);
}

/** What is known of a method at one layer. */
export interface LayerCandidate {
  readonly layer: number;
  readonly fits: readonly FoldScores[];
  readonly inner: Float64Array;
}

/** The first of equal ones. @param candidates at least one */
export function chooseLayer(
  folds: Folds,
  y: Uint8Array,
  candidates: readonly LayerCandidate[],
): Pick<ChosenLayer, 'layer' | 'innerAuc' | 'layers' | 'heldOut'> {
  const best = (auc: (candidate: LayerCandidate) => number) =>
    candidates.reduce((most, each) => (auc(each) > auc(most) || Number.isNaN(auc(most)) ? each : most));
  const whole = (candidate: LayerCandidate) => mean([...candidate.inner].filter((auc) => !Number.isNaN(auc)));
  const chosen = best(whole);
  const byFold = Array.from({ length: folds.count }, (_, fold) => best(({ inner }) => inner[fold]));
  const fits = byFold.flatMap(({ fits: own }, fold) => own.filter((each) => each.fold === fold));
  return {
    layer: chosen.layer,
    innerAuc: whole(chosen),
    layers: byFold.map(({ layer }) => layer),
    heldOut: judged(folds, y, fits).heldOut,
  };
}
