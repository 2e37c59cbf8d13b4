/** Columns of tables with a posterior in numbers, a row for each parameter. */
import type { NamedSummary } from '../../../results/posterior/item-summary.ts';
import { atError, plain } from '../../format.ts';
import type { Column } from '../../shared/DataTable.tsx';

type SummaryColumn = Column<NamedSummary>;

export function numberColumn(
  key: string,
  title: string,
  about: string,
  cell: (row: NamedSummary) => string,
): SummaryColumn {
  return { key, title, about, numeric: true, cell };
}

/** Name, mean with its Monte Carlo error, spread and quantiles. @param draws what the posterior's numbers are called */
export function momentColumns(draws: 'draws' | 'samples'): SummaryColumn[] {
  const below = (percent: string) => `Below this value lie ${percent} of the ${draws}.`;
  return [
    { key: 'name', title: 'Parameter', cell: (row) => row.name },
    numberColumn('mean', 'Mean', `Mean of all ${draws}.`, (row) => atError(row.mean, row.mcse)),
    numberColumn(
      'mcse',
      'MCSE',
      'Monte Carlo standard error of the mean: how far it would move with other random numbers.',
      (row) => plain(row.mcse, 2),
    ),
    numberColumn('sd', 'sd', 'Standard deviation of the posterior: how uncertain the parameter is.', (row) =>
      plain(row.sd, 3),
    ),
    numberColumn('q05', '5 %', below('5 %'), (row) => atError(row.q05, row.sd, 3)),
    numberColumn('median', '50 %', 'The median.', (row) => atError(row.median, row.sd, 3)),
    numberColumn('q95', '95 %', below('95 %'), (row) => atError(row.q95, row.sd, 3)),
  ];
}
