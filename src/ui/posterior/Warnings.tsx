import type { ItemSummary } from '../../results/posterior/item-summary.ts';
import { misfitLines } from '../../results/posterior/misfit.ts';
import { usePosterior } from '../diagnostics/usePosterior.ts';
import { WarnIcon } from '../shared/icons.tsx';
import { useStore } from '../state/store.ts';
import classes from './Warnings.module.css';

/** What must be known before the results below are believed: the model's own bias, data it does not describe. */
export function Warnings({ summaries }: { readonly summaries: readonly ItemSummary[] }) {
  const { misfit } = usePosterior();
  const ofRun = useStore((store) => store.run?.warnings);
  const warnings = [...(ofRun ?? []), ...misfitLines(summaries, misfit)];
  return warnings.map((warning) => (
    <p key={warning} className={classes.warning} data-testid="result-warning">
      <WarnIcon />
      <span>
        <strong>Warning.</strong> {warning}
      </span>
    </p>
  ));
}
