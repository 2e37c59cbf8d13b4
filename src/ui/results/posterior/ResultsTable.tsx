import { useMemo } from 'react';
import { posteriorColumns } from '../../../results/posterior/columns.ts';
import { type ItemSummary, unfit } from '../../../results/posterior/item-summary.ts';
import type { NamedThresholds } from '../../../results/posterior/options.ts';
import type { Column } from '../../shared/DataTable.tsx';
import { useStore } from '../../state/store.ts';
import { ItemTable } from '../ItemTable.tsx';
import classes from '../ResultsTab.module.css';
import { verdictOf, verdictTexts, verdictWord } from './diagnostics/verdict.ts';
import { shownPosterior } from './of-store.ts';

/** Every finished posterior in numbers: the table twin of the plots. */
export function ResultsTable({ summaries }: { readonly summaries: readonly ItemSummary[] }) {
  const { looser, misfit } = useStore(shownPosterior);
  const first = summaries[0];
  const columns = useMemo(
    () => [verdictColumn(first, looser), ...posteriorColumns(summaries, misfit).page.map(shown)],
    [first, summaries, looser, misfit],
  );
  return (
    <ItemTable
      summaries={summaries}
      columns={columns}
      about="One row an item; choose one to see its posterior below."
      onlyBadLabel={
        first.sampling === 'independent'
          ? 'Only what is not complete'
          : summaries.some(unfit)
            ? 'Only what did not converge, or is a misfit'
            : 'Only what did not converge'
      }
      bad={(summary) => !summary.converged || unfit(summary)}
    />
  );
}

function shown({
  text,
  alarming,
  ...column
}: ReturnType<typeof posteriorColumns>['page'][number]): Column<ItemSummary> {
  return { ...column, cell: (row) => (alarming?.(row) ? <span className={classes.no}>{text(row)}</span> : text(row)) };
}

function verdictColumn({ sampling }: ItemSummary, looser: NamedThresholds | undefined): Column<ItemSummary> {
  const independent = sampling === 'independent';
  return {
    key: 'ok',
    title: 'Verdict',
    about: independent
      ? 'Passes with 400 samples or more, all finite, of an observation that the model can make.'
      : looser
        ? `Converged passes all of ours; ${looser.name}’s only passes ${looser.name}’s looser thresholds; failed passes neither.`
        : 'Converged passes all of ours; failed misses one.',
    cell: (row) => (
      <span className={row.converged && !unfit(row) ? classes.yes : classes.no}>
        {verdictTexts(looser)[verdictOf(row)].symbol} {verdictWord(verdictOf(row), independent, looser)}
      </span>
    ),
  };
}
