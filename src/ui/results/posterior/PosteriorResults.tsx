import { useMemo, useState } from 'react';
import type { ItemSummary } from '../../../results/posterior/item-summary.ts';
import { misfitClause, misfitLines } from '../../../results/posterior/misfit.ts';
import { useStore } from '../../state/store.ts';
import type { ResultsProps } from '../kind-views.ts';
import classes from '../ResultsTab.module.css';
import { WarningLines } from '../WarningLines.tsx';
import { ConvergencePanel } from './ConvergencePanel.tsx';
import { VerdictGrid } from './diagnostics/VerdictGrid.tsx';
import { shownPosterior } from './of-store.ts';
import { RecoveryPanel } from './RecoveryPanel.tsx';
import { ResultsTable } from './ResultsTable.tsx';
import { SelectedItem } from './SelectedItem.tsx';
import { BiasPanel } from './statistics/BiasPanel.tsx';
import { CalibrationPanel } from './statistics/CalibrationPanel.tsx';
import { useStatistics } from './statistics/useStatistics.ts';

/** Posteriors: how truths come back, which of them can be trusted, and the chosen one. */
export default function PosteriorResults(props: ResultsProps) {
  const summaries = props.summaries as readonly ItemSummary[];
  const names = summaries[0].parameters.map(({ name }) => name);
  const [chosen, setChosen] = useState(0);
  const parameter = names[Math.min(chosen, names.length - 1)];
  const statistics = useStatistics(summaries);
  const { misfit } = useStore(shownPosterior);
  const warnings = useMemo(() => misfitLines(summaries, misfit), [summaries, misfit]);
  const doubt = useMemo(() => misfitClause(summaries, misfit), [summaries, misfit]);
  // Without a truth at any item nothing can be held against them.
  const truths = summaries.some(({ info }) => names.some((name) => name in info.truth));
  const independent = summaries[0].sampling === 'independent';
  return (
    <>
      <WarningLines warnings={warnings} />
      {truths ? (
        <>
          <div className={classes.first}>
            <ConvergencePanel summaries={summaries} />
            <RecoveryPanel
              summaries={summaries}
              names={names}
              parameter={parameter}
              onParameter={(name) => setChosen(names.indexOf(name))}
            />
            {!independent && <BiasPanel {...statistics} doubt={doubt} />}
          </div>
          <div className={classes.folds}>
            <CalibrationPanel {...statistics} />
            <VerdictGrid summaries={summaries} />
          </div>
        </>
      ) : (
        <>
          <ConvergencePanel summaries={summaries} />
          <VerdictGrid summaries={summaries} />
        </>
      )}
      <ResultsTable summaries={summaries} />
      <SelectedItem />
    </>
  );
}
