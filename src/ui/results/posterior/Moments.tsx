import { useMemo } from 'react';
import { PEAKS_ABOUT, peaksText } from '../../../results/posterior/estimate-text.ts';
import type { ItemSummary, NamedSummary } from '../../../results/posterior/item-summary.ts';
import { atError, compact, plain } from '../../format.ts';
import { type Column, DataTable } from '../../shared/DataTable.tsx';
import { Panel } from '../../shared/Panel.tsx';
import { shownExperiment } from '../../state/shown.ts';
import { useStore } from '../../state/store.ts';
import classes from '../ResultsTab.module.css';
import { momentColumns, numberColumn } from './moment-columns.ts';
import type { ExactDraws } from './useExact.ts';

interface MomentsProps {
  readonly summary: ItemSummary;
  readonly exact: ExactDraws | undefined;
}

/** One posterior of independent samples in numbers, beside the exact one. */
export function Moments({ summary, exact }: MomentsProps) {
  const workName = useStore((store) => shownExperiment(store).workName);
  const columns = useMemo((): readonly Column<NamedSummary>[] => {
    const moments = Object.fromEntries(Object.entries(exact ?? {}).map(([name, values]) => [name, momentsOf(values)]));
    return [
      ...momentColumns('samples'),
      ...(summary.parameters.some(({ peaks }) => peaks)
        ? [numberColumn('peaks', '95 % of each peak', PEAKS_ABOUT, ({ peaks }) => (peaks ? peaksText(peaks) : '–'))]
        : []),
      ...(exact
        ? [
            numberColumn('exactMean', 'Exact mean', 'Mean of draws from the exact posterior.', (row) => {
              const { mean = Number.NaN } = moments[row.name] ?? {};
              return atError(mean, row.mcse);
            }),
            numberColumn('exactSd', 'Exact sd', 'Standard deviation of draws from the exact posterior.', (row) =>
              plain(moments[row.name]?.sd, 3),
            ),
          ]
        : []),
    ];
  }, [exact, summary]);
  return (
    <Panel
      title="In numbers"
      about="The samples are independent, so there is no R̂ and no effective sample size to look at: their number is their worth."
      aside={
        <span className={classes.soft}>
          {compact(summary.gradients)} {workName} spent
        </span>
      }
    >
      <DataTable
        caption={`Posterior of ${summary.info.runId} in numbers`}
        columns={columns}
        rows={summary.parameters}
        rowKey={(row) => row.name}
      />
    </Panel>
  );
}

function momentsOf(values: ArrayLike<number>): { mean: number; sd: number } {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) };
}
