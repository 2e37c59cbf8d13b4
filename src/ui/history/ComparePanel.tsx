import { NativeSelect } from '@mantine/core';
import { Suspense, useEffect, useMemo, useState } from 'react';
import { type ConfigDifference, configDifferences } from '../../engine/config/config-differences.ts';
import { findWorkload } from '../../engine/config/run-config.ts';
import type { HistoryEntry, KeptRun } from '../../worker/history/types.ts';
import { kindViews } from '../results/index.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { Empty, Panel } from '../shared/Panel.tsx';
import { openKept } from '../state/kept-runs.ts';
import { shownExperiment } from '../state/shown.ts';
import { isActive, useStore } from '../state/store.ts';
import { FiguresTable } from './FiguresTable.tsx';
import classes from './History.module.css';
import { namesOfBoth } from './names-of-both.ts';
import { when } from './when.ts';

/** The results on the page (A) against a kept run (B). */
export function ComparePanel({ entries }: { readonly entries: readonly HistoryEntry[] }) {
  const ready = useStore((store) => store.summaries.length > 0 && store.progress !== undefined && !isActive(store));
  const onPage = useStore((store) => (store.opened ? store.opened.id : store.keptId));
  const [chosen, setChosen] = useState('');
  const others = entries.filter((entry) => entry.id !== onPage);
  const id = others.some((entry) => entry.id === chosen) ? chosen : '';
  const other = useKeptRun(id);
  return (
    <Panel
      title="Two runs compared"
      about="Items are matched by their run id, i.e. by truth and seed, and parameters by name. With the same seeds both runs saw the same data, so their results should differ by Monte Carlo error only."
      aside={
        others.length > 0 && (
          <NativeSelect
            size="xs"
            aria-label="Run B"
            data-testid="compare-with"
            value={id}
            data={[
              { value: '', label: 'Choose run B' },
              ...others.map((entry) => ({ value: entry.id, label: `${entry.title} · ${when(entry)}` })),
            ]}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )
      }
    >
      {!ready ? (
        <Empty>Run A is what the page shows: let a run finish, or open an earlier one. Then choose run B.</Empty>
      ) : others.length === 0 ? (
        <Empty>There is no other run to compare with yet.</Empty>
      ) : id === '' ? (
        <Empty>Choose run B above: its results are then laid over those on the page.</Empty>
      ) : other ? (
        <Comparison key={id} other={other} />
      ) : (
        <Empty>Reading run B</Empty>
      )}
    </Panel>
  );
}

function useKeptRun(id: string): KeptRun | undefined {
  const [run, setRun] = useState<KeptRun>();
  useEffect(() => {
    let here = true;
    setRun(undefined);
    if (id !== '') {
      void openKept(id).then((opened) => {
        if (here) setRun(opened);
      });
    }
    return () => {
      here = false;
    };
  }, [id]);
  return run;
}

function Comparison({ other }: { readonly other: KeptRun }) {
  const progress = useStore((store) => store.progress);
  const run = useStore((store) => store.run);
  const config = useStore((store) => store.ranConfig);
  const here = useStore(shownExperiment);
  const there = findWorkload(other.config.workload);
  const settings = useMemo(() => (config ? configDifferences(config, other.config) : []), [config, other]);
  const names = namesOfBoth(here, there);
  const kind = kindViews[here.results.kind];
  return (
    <>
      {here.results.kind !== there.results.kind ? (
        <p className={classes.lead} data-testid="compare-lead">
          The results of the two runs are of different kinds: there is nothing to lay over each other.
        </p>
      ) : (
        kind && (
          <Suspense fallback={<Empty>Loading</Empty>}>
            <kind.Compare other={other} itemName={names.itemName} />
          </Suspense>
        )
      )}
      <h3 className={classes.heading}>Throughput and memory</h3>
      {run && progress && (
        <FiguresTable
          names={names}
          worth={kind?.worth.title}
          a={{ run, progress }}
          b={{ run: other.run, progress: other.outcome.progress }}
        />
      )}
      <h3 className={classes.heading}>Settings that differ</h3>
      {settings.length === 0 ? (
        <Empty>None: both runs had the same configuration.</Empty>
      ) : (
        <DataTable
          caption="Settings that differ between the runs"
          columns={SETTINGS}
          rows={settings}
          rowKey={(row) => row.field}
        />
      )}
    </>
  );
}

const SETTINGS: readonly Column<ConfigDifference>[] = [
  { key: 'field', title: 'Setting', cell: (row) => row.field },
  { key: 'a', title: 'A, on the page', cell: (row) => row.a },
  { key: 'b', title: 'B, from the history', cell: (row) => row.b },
];
