import { useEffect, useMemo, useState } from 'react';
import type { ResultSummary } from '../../../results/kind.ts';
import { experimentViews } from '../../../workloads/views.ts';
import type { Experiment } from '../../../workloads/workload.ts';
import { CheckIcon, WarnIcon } from '../../shared/icons.tsx';
import { Panel } from '../../shared/Panel.tsx';
import { useStore } from '../../state/store.ts';
import { ItemTable } from '../ItemTable.tsx';
import classes from '../ResultsTab.module.css';
import { WarningLines } from '../WarningLines.tsx';
import { PlainItem } from './PlainItem.tsx';
import { plainColumns } from './plain-columns.ts';
import type { PlainKind } from './plain-kind.ts';
import { valueText } from './values.ts';

interface PlainResultsProps {
  readonly summaries: readonly ResultSummary[];
  readonly experiment: Experiment;
}

/** Results of a kind that the page has no views of: what its kind says of all, a row an item, and the chosen one's arrays. */
export function PlainResults({ summaries, experiment }: PlainResultsProps) {
  const kind = usePlainKind(experiment.id);
  const failed = useStore((store) => store.failed);
  const first = summaries[0];
  const columns = useMemo(() => plainColumns(kind, first), [kind, first]);
  const good = failed.length === 0 && summaries.every(({ converged }) => converged);
  return (
    <>
      {kind && <WarningLines warnings={kind.warnings(summaries)} />}
      <Panel title="Verdict">
        <p className={classes.verdict} data-good={good || undefined} data-bad={!good || undefined}>
          {good ? <CheckIcon /> : <WarnIcon />}
          {kind?.verdict(summaries) ?? passedOf(summaries)}
        </p>
        {failed.map(({ info, reason }) => (
          <p key={info.index} className={classes.soft}>
            <strong>{info.runId}</strong> has no result: {reason}
          </p>
        ))}
      </Panel>
      <ItemTable
        summaries={summaries}
        columns={columns.map(({ cell, ...column }) => ({ ...column, cell: (row) => valueText(cell(row)) }))}
        about={`One row for every finished ${experiment.itemName.one}; choose one to see all of it below.`}
        onlyBadLabel="Only what did not pass"
      />
      <PlainItem kind={kind} columns={columns} />
    </>
  );
}

function passedOf(summaries: readonly ResultSummary[]): string {
  return `${summaries.filter(({ converged }) => converged).length} of ${summaries.length} passed.`;
}

/** The kind of an experiment's results, once it has been loaded; undefined where its views name none. */
function usePlainKind(experiment: string): PlainKind | undefined {
  const [loaded, setLoaded] = useState<{ readonly of: string; readonly kind: PlainKind }>();
  useEffect(() => {
    let here = true;
    void experimentViews[experiment]?.kind?.().then((kind) => here && setLoaded({ of: experiment, kind }));
    return () => {
      here = false;
    };
  }, [experiment]);
  return loaded?.of === experiment ? loaded.kind : undefined;
}
