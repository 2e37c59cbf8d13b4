import classes from '../../../ui/results/posterior/statistics/Statistics.module.css';
import { CheckIcon, WarnIcon } from '../../../ui/shared/icons.tsx';
import type { Verdict } from './quality-words.ts';

/** What a measure means, told by a mark as well as by words. */
export function VerdictLine({ good, words, lead }: Verdict & { readonly lead?: string }) {
  return (
    <span className={classes.verdict} data-bad={!good || undefined}>
      {good ? <CheckIcon /> : <WarnIcon />}
      <span>
        {lead && <strong>{lead}: </strong>}
        {words}
      </span>
    </span>
  );
}
