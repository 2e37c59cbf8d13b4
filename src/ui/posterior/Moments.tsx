import { useMemo } from 'react';
import type { ItemSummary, NamedSummary } from '../../engine/progress.ts';
import { atError, compact, plain } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { Panel } from '../shared/Panel.tsx';
import classes from './ResultsTab.module.css';
import type { ExactDraws } from './useExact.ts';

interface MomentsProps {
  readonly summary: ItemSummary;
  readonly exact: ExactDraws | undefined;
}

/** One posterior of independent samples in numbers, beside the exact one. */
export function Moments({ summary, exact }: MomentsProps) {
  const columns = useMemo((): readonly Column<NamedSummary>[] => {
    const moments = Object.fromEntries(Object.entries(exact ?? {}).map(([name, values]) => [name, momentsOf(values)]));
    const number = (
      key: string,
      title: string,
      about: string,
      cell: (row: NamedSummary) => string,
    ): Column<NamedSummary> => ({ key, title, about, numeric: true, cell });
    return [
      { key: 'name', title: 'Parameter', cell: (row) => row.name },
      number('mean', 'Mean', 'Mean of all samples.', (row) => atError(row.mean, row.mcse)),
      number(
        'mcse',
        'MCSE',
        'Monte Carlo standard error: how far the mean would move with other random numbers.',
        (row) => plain(row.mcse, 2),
      ),
      number('sd', 'sd', 'Standard deviation of the posterior: how uncertain the parameter is.', (row) =>
        plain(row.sd, 3),
      ),
      number('q05', '5 %', 'Below this value lie 5 % of the samples.', (row) => atError(row.q05, row.sd, 3)),
      number('median', '50 %', 'The median.', (row) => atError(row.median, row.sd, 3)),
      number('q95', '95 %', 'Below this value lie 95 % of the samples.', (row) => atError(row.q95, row.sd, 3)),
      ...(exact
        ? [
            number('exactMean', 'Exact mean', 'Mean of draws from the exact posterior.', (row) => {
              const { mean = Number.NaN } = moments[row.name] ?? {};
              return atError(mean, row.mcse);
            }),
            number('exactSd', 'Exact sd', 'Standard deviation of draws from the exact posterior.', (row) =>
              plain(moments[row.name]?.sd, 3),
            ),
          ]
        : []),
    ];
  }, [exact]);
  return (
    <Panel
      title="In numbers"
      about="Samples of a flow are independent, so there is no R̂ and no effective sample size to look at: their number is their worth."
      aside={<span className={classes.soft}>{compact(summary.gradients)} evaluations of the network spent</span>}
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
