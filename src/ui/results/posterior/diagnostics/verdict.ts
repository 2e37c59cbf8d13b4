/** What became of an item, in one word, one shape and one colour: never by colour alone. */
import { type ItemSummary, passesLooser, unfit } from '../../../../results/posterior/item-summary.ts';
import type { NamedThresholds } from '../../../../results/posterior/options.ts';

export type Verdict = 'converged' | 'rescued' | 'misfit' | 'looser' | 'failed' | 'lost' | 'pending';

interface VerdictText {
  readonly label: string;
  /** A character of the same shape as the drawing, for tables. */
  readonly symbol: string;
  readonly about: string;
}

/** @param looser the experiment's second thresholds, where it has some */
export function verdictTexts(looser: NamedThresholds | undefined): Readonly<Record<Verdict, VerdictText>> {
  const whose = looser ? `${looser.name}’s` : 'looser';
  return {
    converged: { label: 'converged', symbol: '●', about: 'passes every check of ours' },
    rescued: { label: 'rescued', symbol: '◉', about: 'passes every check of ours after it was sampled again, harder' },
    misfit: {
      label: 'misfit',
      symbol: '◆',
      about: 'its chains converged, but model and noise do not describe its data',
    },
    looser: { label: `${whose} only`, symbol: '▲', about: `passes ${whose} looser thresholds, not ours` },
    failed: { label: 'failed', symbol: '✖', about: looser ? 'passes neither' : 'misses a check of ours' },
    lost: { label: 'no result', symbol: '☐', about: 'its chunk failed; there are no draws' },
    pending: { label: 'to come', symbol: '·', about: 'not finished yet, or not run' },
  };
}

/** In this order the legend names them. */
export const VERDICT_ORDER: readonly Verdict[] = [
  'converged',
  'rescued',
  'misfit',
  'looser',
  'failed',
  'lost',
  'pending',
];

/** The word for it: independent samples are complete or not, nothing converges; whether they are right is measured under Quality. */
export function verdictWord(verdict: Verdict, independent: boolean, looser: NamedThresholds | undefined): string {
  return independent && verdict === 'converged' ? 'complete' : verdictTexts(looser)[verdict].label;
}

export function verdictOf(
  summary: Parameters<typeof passesLooser>[0] & Parameters<typeof unfit>[0] & Pick<ItemSummary, 'attempts'>,
): Verdict {
  if (passesLooser(summary) && unfit(summary)) return 'misfit';
  if (summary.converged) return summary.attempts > 1 ? 'rescued' : 'converged';
  return passesLooser(summary) ? 'looser' : 'failed';
}
