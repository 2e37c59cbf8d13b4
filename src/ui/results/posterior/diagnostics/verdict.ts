/** What became of an item, in one word, one shape and one colour: never by colour alone. */
import type { ItemSummary } from '../../../../results/posterior/item-summary.ts';

export type Verdict = 'converged' | 'rescued' | 'shine' | 'failed' | 'lost' | 'pending';

interface VerdictText {
  readonly label: string;
  /** A character of the same shape as the drawing, for tables. */
  readonly symbol: string;
  readonly about: string;
}

export const VERDICTS: Readonly<Record<Verdict, VerdictText>> = {
  converged: { label: 'converged', symbol: '●', about: 'passes every check of ours' },
  rescued: { label: 'rescued', symbol: '◉', about: 'passes every check of ours after it was sampled again, harder' },
  shine: { label: 'SHINE’s only', symbol: '▲', about: 'passes SHINE’s looser thresholds, not ours' },
  failed: { label: 'failed', symbol: '✖', about: 'passes neither' },
  lost: { label: 'no result', symbol: '☐', about: 'its chunk failed; there are no draws' },
  pending: { label: 'to come', symbol: '·', about: 'not finished yet, or not run' },
};

/** In this order the legend names them. */
export const VERDICT_ORDER: readonly Verdict[] = ['converged', 'rescued', 'shine', 'failed', 'lost', 'pending'];

/** The word for it: independent samples are complete or not, nothing converges; whether they are right is measured under Quality. */
export function verdictWord(verdict: Verdict, independent: boolean): string {
  return independent && verdict === 'converged' ? 'complete' : VERDICTS[verdict].label;
}

export function verdictOf(summary: Pick<ItemSummary, 'converged' | 'passedShine' | 'attempts'>): Verdict {
  if (summary.converged) return summary.attempts > 1 ? 'rescued' : 'converged';
  return summary.passedShine ? 'shine' : 'failed';
}
