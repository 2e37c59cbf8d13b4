import { useMemo } from 'react';
import type { ResultSummary } from '../../../results/kind.ts';
import type { Experiment } from '../../../workloads/workload.ts';
import { CheckIcon, WarnIcon } from '../../shared/icons.tsx';
import { Panel } from '../../shared/Panel.tsx';
import { useStore } from '../../state/store.ts';
import { ItemTable } from '../ItemTable.tsx';
import classes from '../ResultsTab.module.css';
import { PlainItem } from './PlainItem.tsx';
import { plainColumns, VERDICT } from './plain-columns.ts';
import { RunTables } from './RunTables.tsx';

interface PlainResultsProps {
  readonly summaries: readonly ResultSummary[];
  readonly experiment: Experiment;
}

/** Results of a kind that the page has no views of: how many passed, what they come to together, a row an item, and all of the chosen one. */
export function PlainResults({ summaries, experiment: { results, itemName } }: PlainResultsProps) {
  const failed = useStore((store) => store.failed);
  const columns = useMemo(() => plainColumns(results.columns), [results]);
  const passed = summaries.filter(({ converged }) => converged).length;
  const good = failed.length === 0 && passed === summaries.length;
  return (
    <>
      <Panel title="Verdict">
        <p className={classes.verdict} data-good={good || undefined} data-bad={!good || undefined}>
          {good ? <CheckIcon /> : <WarnIcon />}
          {passed} of {summaries.length} {results.passes ?? 'passed'}.
        </p>
        {failed.map(({ info, reason }) => (
          <p key={info.index} className={classes.soft}>
            <strong>{info.runId}</strong> has no result: {reason}
          </p>
        ))}
      </Panel>
      <RunTables />
      <ItemTable
        summaries={summaries}
        columns={columns.map(({ text, alarming, ...column }) => ({
          ...column,
          cell: (row) => <span className={colour(column.key, alarming?.(row))}>{text(row)}</span>,
        }))}
        about={`One row for every finished ${itemName.one}; choose one to see all of it below.`}
        onlyBadLabel="Only what did not pass"
      />
      <PlainItem columns={columns} unlisted={results.unlisted} />
    </>
  );
}

/** Of a verdict both outcomes are coloured, of other columns what must not be overlooked. */
function colour(key: string, alarming: boolean | undefined): string | undefined {
  if (alarming) return classes.no;
  return key === VERDICT ? classes.yes : undefined;
}
