import { NativeSelect } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import {
  type ConfigDifference,
  compareRuns,
  configDifferences,
  type RunDifferences,
} from '../../engine/compare-runs.ts';
import type { HistoryEntry, KeptRun } from '../../worker/history/types.ts';
import { grouped, plain } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { Empty, Panel } from '../shared/Panel.tsx';
import { guard, theEngine } from '../state/actions.ts';
import { experiments } from '../state/config.ts';
import { isActive, useStore } from '../state/store.ts';
import { DifferencesTable } from './DifferencesTable.tsx';
import { FiguresTable } from './FiguresTable.tsx';
import classes from './History.module.css';
import { OverlayPanel } from './OverlayPanel.tsx';
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
      about="Items are matched by their run id, e.g. by true shear and seed, and parameters by name. With the same noise seeds both runs saw the same data, so their posteriors should differ by Monte Carlo error only."
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
        <Empty>Choose run B above: its posteriors are then laid over those on the page.</Empty>
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
      void guard(() => theEngine().openRun(id)).then((opened) => {
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
  const summaries = useStore((store) => store.summaries);
  const progress = useStore((store) => store.progress);
  const run = useStore((store) => store.run);
  const config = useStore((store) => store.ranConfig);
  const differences = useMemo(() => compareRuns(summaries, other.summaries), [summaries, other]);
  const settings = useMemo(() => (config ? configDifferences(config, other.config) : []), [config, other]);
  const [picked, setPicked] = useState<string>();
  const names = experiments.find(({ id }) => id === other.config.workload)!;
  const { rows } = differences;
  const chosen = rows.some(({ runId }) => runId === picked) ? picked! : rows[0]?.runId;
  return (
    <>
      <p className={classes.lead} data-testid="compare-lead">
        {sentence(differences, names.itemName.many)}
      </p>
      {chosen !== undefined && (
        <>
          <OverlayPanel other={other.entry.id} rows={inOrder(differences, chosen, other)} />
          <h3 className={classes.heading}>Differences, the largest first</h3>
          <DifferencesTable one={names.itemName.one} rows={rows} chosen={chosen} onChoose={setPicked} />
        </>
      )}
      <h3 className={classes.heading}>Throughput and memory</h3>
      {run && progress && (
        <FiguresTable names={names} a={{ run, progress }} b={{ run: other.run, progress: other.outcome.progress }} />
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

/** An item's rows in the order of the experiment's parameters. */
function inOrder({ rows }: RunDifferences, runId: string, { run }: KeptRun) {
  const place = (name: string) => run.parameters.findIndex((parameter) => parameter.name === name);
  return rows.filter((row) => row.runId === runId).sort((p, q) => place(p.parameter) - place(q.parameter));
}

function sentence({ rows, matched, onlyA, onlyB, identical, rms, beyond3 }: RunDifferences, many: string): string {
  if (matched === 0) return `The runs share no ${many}: no run id, e.g. no true shear and seed, occurs in both.`;
  const alone = onlyA + onlyB > 0 ? `, ${grouped(onlyA)} only in A and ${grouped(onlyB)} only in B` : '';
  const start = `${grouped(matched)} ${many} in both${alone}.`;
  if (identical === rows.length) return `${start} All means and widths are equal to the bit.`;
  return `${start} Differences of the means: ${plain(rms, 3)} MCSE root mean square (1 when only Monte Carlo error differs), ${plain(100 * beyond3, 2)} % beyond 3 (0.27 % by chance)${identical > 0 ? `; ${grouped(identical)} of ${grouped(rows.length)} equal to the bit` : ''}.`;
}
