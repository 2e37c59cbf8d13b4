/** What the same procedure gives where there is nothing to find. */
import { randomDirection } from '../../../stats/classification/directions.ts';
import { type FitQuestion, fitDirection, independent, LayerRows, RANDOM_STREAM, turned } from './fit.ts';
import { type Folds, shuffledLabels } from './folds.ts';
import { foldScores, judged, mean } from './judge.ts';
import type { Control, Scores } from './types.ts';

/** Random directions of a control: as many as steering is held against. */
const DIRECTIONS = 8;
/** Shuffles of the labels. */
const SHUFFLES = 4;

export interface ControlQuestion {
  readonly rows: LayerRows;
  readonly y: Uint8Array;
  readonly question: Uint32Array;
  readonly folds: Folds;
  readonly seed: number;
}

type Judged = Pick<Control, 'heldOut' | 'train'>;

/**
 * The probe, fitted to labels that were shuffled within questions and judged by them: mean, least and greatest of several shuffles. Of few
 * questions a single one may leave most labels where they were, or turn most of them round, and then there is something to find.
 */
export function shuffledControl({ rows, y, question, folds, seed }: ControlQuestion): Judged {
  return ofAll(
    Array.from({ length: SHUFFLES }, (_, number) => {
      const labels = shuffledLabels(y, question, seed, number);
      const fits = foldScores(folds, labels, rows.x, (texts) =>
        fitDirection('probe', { rows, y: labels, texts, validation: [], seed }),
      );
      return judged(folds, labels, fits);
    }),
  );
}

/** Random directions, turned to the positive texts of the training part: mean, least and greatest. */
export function randomControl(control: ControlQuestion): Judged {
  const { rows, y, folds, seed } = control;
  const each = Array.from({ length: DIRECTIONS }, (_, k) => {
    const vector = randomDirection(rows.d, seed, RANDOM_STREAM + k);
    return judged(
      folds,
      y,
      foldScores(folds, y, rows.x, (texts) => turned({ vector, norm: 1 }, ask(control, texts))),
    );
  });
  return ofAll(each);
}

/** Tokens of a text as its only feature. */
export function lengthControl({
  y,
  folds,
  seed,
  length,
}: Omit<ControlQuestion, 'rows'> & { length: Uint32Array }): Judged {
  const rows = new LayerRows(Float64Array.from(length), length.length, 'raw');
  const fits = foldScores(folds, y, rows.x, (texts) =>
    fitDirection('mean_diff', { rows, y, texts, validation: [], seed }),
  );
  return judged(folds, y, fits);
}

/** Component 0 of ICA, which is what the origin takes. */
export function firstComponentControl(control: ControlQuestion): Judged {
  const { rows, y, folds } = control;
  return judged(
    folds,
    y,
    foldScores(folds, y, rows.x, (texts) => {
      const question = ask(control, texts);
      return turned({ vector: independent(question).first, norm: 1 }, question);
    }),
  );
}

const ask = ({ rows, y, seed }: ControlQuestion, texts: readonly number[]): FitQuestion => ({
  ...{ rows, y, texts, seed },
  validation: [],
});

function ofAll(each: readonly Judged[]): Judged {
  return { heldOut: ofSeveral(each.map(({ heldOut }) => heldOut)), train: ofSeveral(each.map(({ train }) => train)) };
}

function ofSeveral(scores: readonly Scores[]): Scores {
  const aucs = scores.map(({ auc }) => auc.value);
  return {
    auc: { value: mean(aucs), low: Math.min(...aucs), high: Math.max(...aucs) },
    cohensD: mean(scores.map((each) => each.cohensD)),
    accuracy: mean(scores.map(({ accuracy }) => accuracy)),
  };
}
