import { useMemo } from 'react';
import type { ItemSummary } from '../../../results/posterior/item-summary.ts';
import { fixed, grouped, plain, withError } from '../../format.ts';
import type { Column } from '../../shared/DataTable.tsx';
import { ItemTable } from '../ItemTable.tsx';
import classes from '../ResultsTab.module.css';
import { VERDICTS, verdictOf, verdictWord } from './diagnostics/verdict.ts';

/** Every finished posterior in numbers: the table twin of the plots. */
export function ResultsTable({ summaries }: { readonly summaries: readonly ItemSummary[] }) {
  const columns = useMemo(() => columnsFor(summaries[0]), [summaries[0]]);
  return (
    <ItemTable
      summaries={summaries}
      columns={columns}
      about="One row an item; choose one to see its posterior below."
      onlyBadLabel={
        summaries[0].sampling === 'independent' ? 'Only what is not complete' : 'Only what did not converge'
      }
    />
  );
}

function columnsFor(first: ItemSummary): readonly Column<ItemSummary>[] {
  return [
    {
      key: 'ok',
      title: 'Verdict',
      about:
        first.sampling === 'independent'
          ? 'Passes with 400 samples or more, all finite.'
          : 'Converged passes all of ours; SHINE’s only passes SHINE’s looser thresholds; failed passes neither.',
      cell: (row) => (
        <span className={row.converged ? classes.yes : classes.no}>
          {VERDICTS[verdictOf(row)].symbol} {verdictWord(verdictOf(row), row.sampling === 'independent')}
        </span>
      ),
    },
    ...(first.sampling === 'independent' ? SAMPLE_COLUMNS : CHAIN_COLUMNS),
    ...first.parameters.flatMap(({ name }, at): Column<ItemSummary>[] => [
      ...(name in first.info.truth
        ? [
            {
              key: `${name}-true`,
              title: `${name} true`,
              numeric: true,
              cell: (row: ItemSummary) => plain(row.info.truth[name], 4),
            },
          ]
        : []),
      {
        key: name,
        title: `${name} ± sd`,
        numeric: true,
        cell: (row) => withError(row.parameters[at].mean, row.parameters[at].sd),
      },
    ]),
    ...(first.sampling === 'independent' ? [] : TRANSITION_COLUMNS),
  ];
}

/** Of independent samples. */
const SAMPLE_COLUMNS: readonly Column<ItemSummary>[] = [
  {
    key: 'samples',
    title: 'Samples',
    about: 'Independent samples of the posterior.',
    numeric: true,
    cell: (row) => grouped(row.parameters[0].essBulk),
  },
  {
    key: 'rejected',
    title: 'Outside',
    about: 'Share of all samples that lay outside the prior and were drawn anew. The exact posterior has none there.',
    numeric: true,
    cell: (row) => (row.rejected === undefined ? '–' : `${(100 * row.rejected).toFixed(1)} %`),
  },
];

/** How chains came to their draws. */
const CHAIN_COLUMNS: readonly Column<ItemSummary>[] = [
  {
    key: 'attempts',
    title: 'Attempts',
    about: 'How often it was sampled: 1, and one more for each rescue with harder parameters.',
    numeric: true,
    cell: (row) => row.attempts,
  },
  {
    key: 'chi2',
    title: 'χ²/pixel',
    about:
      'χ² of the best fit over the number of pixels: about 1 when the model describes the image. Far above 1, the noise is larger than stated or the model misses something; a warning names the items beyond five standard deviations. – where the images carry no noise.',
    numeric: true,
    cell: (row) => (
      <span className={row.misfit ? classes.no : undefined}>
        {row.chi2PerDatum === undefined ? '–' : plain(row.chi2PerDatum, 3)}
      </span>
    ),
  },
  {
    key: 'rhat',
    title: 'R̂ max',
    about:
      'The worst rank-normalised split R̂ of all parameters. Chains that disagree push it above 1; below 1.01 passes.',
    numeric: true,
    cell: (row) => fixed(worst(row, 'rhat', Math.max), 4),
  },
  {
    key: 'ess',
    title: 'ESS min',
    about:
      'The smallest effective sample size, bulk or tail, of all parameters: how many independent draws the chains are worth. 400 passes.',
    numeric: true,
    cell: (row) => grouped(Math.min(worst(row, 'essBulk', Math.min), worst(row, 'essTail', Math.min))),
  },
];

const TRANSITION_COLUMNS: readonly Column<ItemSummary>[] = [
  {
    key: 'accept',
    title: 'Acceptance',
    about: 'Mean probability with which proposals were accepted.',
    numeric: true,
    cell: (row) => fixed(row.acceptance, 2),
  },
  {
    key: 'diverged',
    title: 'Divergences',
    about: 'Transitions whose energy error exceeded 1000: the integrator lost the trajectory. There must be none.',
    numeric: true,
    cell: (row) => grouped(row.divergences),
  },
  {
    key: 'bfmi',
    title: 'E-BFMI min',
    about:
      'Energy Bayesian fraction of missing information, worst chain. Below 0.3 the chain moves too slowly between energy levels.',
    numeric: true,
    cell: (row) => plain(Math.min(...row.bfmi), 3),
  },
];

function worst(row: ItemSummary, key: 'rhat' | 'essBulk' | 'essTail', pick: (...values: number[]) => number): number {
  return pick(...row.parameters.map((parameter) => parameter[key]));
}
