import { Button, Switch } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { ItemSummary } from '../../results/posterior/item-summary.ts';
import { type MisfitWords, PLAIN_MISFIT, type PosteriorOptions } from '../../results/posterior/options.ts';
import { usePosterior } from '../diagnostics/usePosterior.ts';
import { verdictOf, verdictTexts, verdictWord } from '../diagnostics/verdict.ts';
import { fixed, grouped, plain, withError } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { Panel } from '../shared/Panel.tsx';
import { select } from '../state/actions.ts';
import { useStore } from '../state/store.ts';
import classes from './ResultsTab.module.css';

const PAGE = 50;

/** Every finished item in numbers: the table twin of the plots. */
export function ResultsTable({ summaries }: { readonly summaries: readonly ItemSummary[] }) {
  const selected = useStore((store) => store.selected);
  const independent = summaries[0]?.sampling === 'independent';
  const [page, setPage] = useState(0);
  const [onlyBad, setOnlyBad] = useState(false);
  const rows = onlyBad ? summaries.filter((summary) => !summary.converged) : summaries;
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  const current = Math.min(page, pages - 1);
  const posterior = usePosterior();
  const columns = useMemo(() => columnsFor(summaries[0], posterior), [summaries[0], posterior]);
  return (
    <Panel
      title="All results"
      about="One row an item; choose one to see its posterior below."
      aside={
        <Switch
          size="xs"
          label={independent ? 'Only what is not complete' : 'Only what did not converge'}
          checked={onlyBad}
          onChange={(event) => setOnlyBad(event.currentTarget.checked)}
        />
      }
    >
      <DataTable
        caption="Results of every finished item"
        testId="results-table"
        columns={columns}
        rows={rows.slice(current * PAGE, (current + 1) * PAGE)}
        rowKey={(row) => row.info.index}
        selectedKey={selected}
        onSelect={(row) => void select(row.info.index)}
      />
      {pages > 1 && (
        <div className={classes.pages}>
          <span>
            {grouped(current * PAGE + 1)}–{grouped(Math.min(rows.length, (current + 1) * PAGE))} of{' '}
            {grouped(rows.length)}
          </span>
          <Button size="xs" variant="default" disabled={current === 0} onClick={() => setPage(current - 1)}>
            Previous
          </Button>
          <Button size="xs" variant="default" disabled={current === pages - 1} onClick={() => setPage(current + 1)}>
            Next
          </Button>
        </div>
      )}
    </Panel>
  );
}

function columnsFor(
  first: ItemSummary,
  { looser, misfit = PLAIN_MISFIT }: PosteriorOptions,
): readonly Column<ItemSummary>[] {
  return [
    {
      key: 'run',
      title: 'Run',
      cell: (row) => (
        <button
          type="button"
          className={classes.link}
          onClick={(event) => {
            event.stopPropagation();
            void select(row.info.index);
          }}
        >
          {row.info.runId}
        </button>
      ),
    },
    {
      key: 'ok',
      title: 'Verdict',
      about:
        first.sampling === 'independent'
          ? 'Passes with 400 samples or more, all finite.'
          : looser
            ? `Converged passes all of ours; ${looser.name}’s only passes ${looser.name}’s looser thresholds; failed passes neither.`
            : 'Converged passes all of ours; failed misses one.',
      cell: (row) => (
        <span className={row.converged ? classes.yes : classes.no}>
          {verdictTexts(looser)[verdictOf(row)].symbol}{' '}
          {verdictWord(verdictOf(row), row.sampling === 'independent', looser)}
        </span>
      ),
    },
    ...(first.sampling === 'independent' ? SAMPLE_COLUMNS : chainColumns(misfit)),
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
const chainColumns = ({ datum, data }: MisfitWords): readonly Column<ItemSummary>[] => [
  {
    key: 'attempts',
    title: 'Attempts',
    about: 'How often it was sampled: 1, and one more for each rescue with harder parameters.',
    numeric: true,
    cell: (row) => row.attempts,
  },
  {
    key: 'chi2',
    title: `χ²/${datum.one}`,
    about: `χ² of the best fit over the number of ${datum.many}: about 1 when the model describes the ${data.one}. Far above 1, the noise is larger than stated or the model misses something; a warning names the items beyond five standard deviations. – where the ${data.many} carry no noise.`,
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
