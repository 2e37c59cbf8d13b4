import { Button, Switch } from '@mantine/core';
import { Suspense, useEffect, useMemo, useState } from 'react';
import { findWorkload } from '../../engine/config/run-config.ts';
import { grouped } from '../format.ts';
import { Explain } from '../shared/Explain.tsx';
import { CloseIcon } from '../shared/icons.tsx';
import { later } from '../shared/later.tsx';
import { Empty, FoldingPanel, Panel } from '../shared/Panel.tsx';
import text from '../shared/text.module.css';
import { usePaced } from '../shared/usePaced.ts';
import { sameRun } from '../state/config.ts';
import { isActive, useStore } from '../state/store.ts';
import { cancelTuning, recallTuning, tune } from '../state/tuning.ts';
import type { Store } from '../state/types.ts';
import { whatIsMissing } from '../state/why-not.ts';
import { Comparison } from './Comparison.tsx';
import { Headline } from './Headline.tsx';
import { howLong } from './phases.ts';
import { speedPoints } from './speed-points.ts';
import { TrialLog } from './TrialLog.tsx';
import classes from './Tuner.module.css';
import { TuningStatus } from './TuningStatus.tsx';
import { rowsOfEvents, rowsOfResult } from './trials.ts';

const SpeedChart = later(() => import('./SpeedChart.tsx'));

/** Trials of small batches come many a second: chart and table follow at a pace that a machine under load can draw. */
const PACE_MS = 250;

/** Finds the batch size by trying: what fits, what is fast, what was run for real. */
export default function TunerPanel() {
  const config = useStore((store) => store.config);
  const ready = useStore((store) => store.device !== undefined);
  const tuning = useStore((store) => store.tuning);
  const tuned = useStore((store) => store.tuned);
  const going = tuning?.state === 'tuning';
  const files = useStore((store) => store.files);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another configuration, or other files, may have another result
  useEffect(() => {
    if (ready && !going) void recallTuning();
  }, [ready, going, config, files]);

  // A tuning that did not end well keeps its log on the page; one that did is shown as what is remembered of it.
  const live = tuning && tuning.state !== 'done' && sameRun(tuning.config, going ? tuning.config : config);
  // A tuning goes on while the form may show another experiment.
  const names = findWorkload((live ? tuning.config : config).workload).itemName;
  const events = usePaced(tuning?.events, PACE_MS);
  const rows = useMemo(() => {
    if (live) return rowsOfEvents(events ?? []);
    return tuned ? rowsOfResult(tuned) : [];
  }, [live, events, tuned]);
  const choice = live ? events?.find((event) => event.type === 'choice')?.choice : tuned?.choice;
  const points = useMemo(() => speedPoints(rows), [rows]);
  const some = points.measured.length + points.failed.length > 0;
  const [beyond, setBeyond] = useState(false);
  return (
    <>
      <Panel
        title="Tune the batch size"
        about={`Batches of growing size are really taken and really run on this adapter, with the settings on the left. The smallest one within 5 % of the best speed is recommended, run once more from start to export, and remembered in this browser for batch size "auto". It changes speed and memory, never the answer.`}
        aside={
          <>
            {!going && <BeyondSwitch checked={beyond} onChange={setBeyond} />}
            <TuneButton going={going} beyond={beyond} />
          </>
        }
        className={classes.panel}
      >
        {live ? <TuningStatus tuning={tuning} /> : tuned ? <Headline result={tuned} /> : <Invitation />}
        {(live || tuned) && (
          <div className={classes.two}>
            {(some || going) && (
              <section className={classes.chart} aria-label="Speed over batch size">
                <Legend beyond={points.beyond.length > 0} />
                <div className={classes.plot}>
                  {some ? (
                    <Suspense fallback={<Empty>Loading the chart</Empty>}>
                      <SpeedChart
                        points={points}
                        many={names.many}
                        knee={choice?.knee}
                        largestSafe={choice?.largestSafe}
                      />
                    </Suspense>
                  ) : (
                    <Empty>The speed of each batch appears here as the ladder climbs.</Empty>
                  )}
                </div>
              </section>
            )}
          </div>
        )}
        {!live && tuned && <Comparison result={tuned} />}
      </Panel>
      {(live || tuned) && (
        <FoldingPanel
          id="batch.trials"
          title="Trial log"
          about="Every trial with what it took and how it went: also the numbers of the chart."
          open={live}
          brief={<span className={classes.soft}>{grouped(rows.length)} lines</span>}
        >
          <TrialLog rows={rows} many={names.many} follow={going} />
        </FoldingPanel>
      )}
    </>
  );
}

/** A run of few items shows little of what the adapter can do. */
function BeyondSwitch({ checked, onChange }: { readonly checked: boolean; readonly onChange: (on: boolean) => void }) {
  const items = useStore((store) => store.plan?.items);
  const { one, many } = useStore((store) => findWorkload(store.config.workload).itemName);
  if (items === undefined) return null;
  return (
    <div className={classes.beyond}>
      <Switch
        size="xs"
        label={`Go on beyond this run’s ${grouped(items)}`}
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
        data-testid="tune-beyond"
      />
      <Explain what="batches beyond the run">
        Shows how the speed would go on with more {many} than the {grouped(items)} {items === 1 ? one : many} of this
        run: batches of double and double size, as far as the memory budget and the time go. Further {many} are
        simulated like the run’s own; those of your own data are taken again and again. It is for the speed alone: no
        result is kept, and the recommendation stays that of this run.
      </Explain>
    </div>
  );
}

function TuneButton({ going, beyond }: { readonly going: boolean; readonly beyond: boolean }) {
  const reason = useStore(whyNot);
  const again = useStore((store) => store.tuned !== undefined);
  if (going) {
    return (
      <Button size="xs" variant="default" leftSection={<CloseIcon />} onClick={cancelTuning} data-testid="tune-cancel">
        Cancel
      </Button>
    );
  }
  return (
    <>
      {reason && (
        <span id="tune-why-not" className={classes.soft} data-testid="tune-why-not">
          {reason}
        </span>
      )}
      <Button
        size="xs"
        variant={again ? 'default' : 'filled'}
        disabled={reason !== undefined}
        aria-describedby={reason ? 'tune-why-not' : undefined}
        onClick={() => void tune(beyond ? {} : undefined)}
        data-testid="tune"
      >
        {again ? 'Tune again' : 'Tune'}
      </Button>
    </>
  );
}

/** Why tuning cannot begin now; undefined where it can. */
function whyNot(store: Store): string | undefined {
  const { device } = store;
  if (!device) return 'The adapter is being opened.';
  if (device.mode === 'cpu')
    return 'Without WebGPU there is nothing to tune: on the CPU the batch size changes little.';
  if (isActive(store)) return 'A run is in progress; stop it or wait for its end.';
  return whatIsMissing(store);
}

function Invitation() {
  const software = useStore((store) => store.device?.report?.software ?? false);
  const auto = useStore((store) => store.plan?.chunkSource === 'table');
  const chunk = useStore((store) => store.plan?.chunk);
  return (
    <Empty>
      Tune tries out which batch sizes fit this adapter and how fast each is, runs the best one for real, and shows the
      trials as they happen. It takes {howLong(software)} and can be cancelled.
      {auto && chunk !== undefined && ` Until then “auto” takes ${chunk}, the batch table’s size for such adapters.`}
    </Empty>
  );
}

function Legend({ beyond }: { readonly beyond: boolean }) {
  return (
    <ul className={text.legend}>
      <li>
        <svg width="18" height="14" viewBox="0 0 18 14" aria-hidden="true" focusable="false">
          <path d="M0 7h18" stroke="var(--series-1)" strokeWidth="1.5" />
          <circle cx="9" cy="7" r="4" fill="var(--series-1)" />
        </svg>
        measured
      </li>
      {beyond && (
        <li>
          <svg width="22" height="14" viewBox="0 0 22 14" aria-hidden="true" focusable="false">
            <path d="M0 7h22" stroke="var(--series-1)" strokeDasharray="4 3" strokeWidth="1.5" />
            <circle cx="11" cy="7" r="4" fill="var(--panel)" stroke="var(--series-1)" />
          </svg>
          beyond the run
        </li>
      )}
      <li>
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
          <path d="M7 1 12.5 7 7 13 1.5 7z" fill="var(--series-3)" />
        </svg>
        run for real
      </li>
      <li>
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
          <path d="M7 1v12M1 7h12" stroke="var(--bad)" strokeWidth="4" />
        </svg>
        failed
      </li>
      <li>
        <svg width="18" height="14" viewBox="0 0 18 14" aria-hidden="true" focusable="false">
          <path d="M0 7h18" stroke="var(--ink)" strokeDasharray="5 3" strokeWidth="1.5" />
        </svg>
        knee, largest safe
      </li>
    </ul>
  );
}
