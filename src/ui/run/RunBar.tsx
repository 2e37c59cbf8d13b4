import { Button, Progress, Switch } from '@mantine/core';
import type { RunProgress } from '../../engine/run/progress.ts';
import { capital, clock, compact, grouped } from '../format.ts';
import { kindViews } from '../results/index.ts';
import { Explain } from '../shared/Explain.tsx';
import { PauseIcon, PlayIcon, StepIcon, StopIcon } from '../shared/icons.tsx';
import { pauseOrResume, run, setAdapterDetails, step, stop } from '../state/actions.ts';
import { stepWords } from '../state/config.ts';
import { shownExperiment } from '../state/shown.ts';
import { isActive, useStore } from '../state/store.ts';
import { OPENING, whatIsMissing, whyNotRun } from '../state/why-not.ts';
import { AddButton } from './AddButton.tsx';
import { EventCount } from './EventCount.tsx';
import { ExportButton } from './ExportButton.tsx';
import classes from './RunBar.module.css';
import { SeeResults } from './SeeResults.tsx';
import { useFocusKept } from './useFocusKept.ts';

/** Id of what says why Run is grey. */
const WHY_NOT = 'run-why-not';

const PHASES = {
  compile: 'compiling kernels',
  fit: 'fitting',
  warmup: 'warming up',
  sample: 'sampling',
  collect: 'collecting',
  idle: '',
};

/**
 * What the run is at; before it has said so, what every run begins with. The name of the stage where a run has several, and the number of the
 * rescue while items that failed are computed again. @param kernels whether it needs any
 */
function phaseOf(progress: RunProgress | undefined, kernels: boolean): string {
  const { phase, rescue, stage } = progress ?? { phase: 'compile', rescue: 0 };
  const name = phase === 'compile' && !kernels ? 'preparing' : PHASES[phase];
  const where = [stage ?? [], rescue > 0 ? `rescue ${rescue}` : []].flat().join(', ');
  return where ? `${name} (${where})` : name;
}

/** A clock would round them to little. */
const FEW_SECONDS = 10;

/** What is left of a run that goes on; of one that is over what it took; nothing before there is one. */
function timeOf(active: boolean, progress: RunProgress | undefined): string {
  if (active) return `${clock(progress?.etaMs == null ? undefined : progress.etaMs / 1000)} left`;
  if (!progress) return '';
  const seconds = progress.elapsedMs / 1000;
  return `took ${seconds < FEW_SECONDS ? `${compact(seconds)} s` : clock(seconds)}`;
}

/**
 * Run, pause, step, stop, and how it goes. Every number has its place from the start, so nothing moves while it runs. On a narrow
 * screen buttons and progress are docked at the bottom, in reach from everywhere.
 */
export function RunBar() {
  const status = useStore((store) => store.status);
  const starting = useStore((store) => store.starting);
  const missing = useStore(whatIsMissing);
  const why = useStore(whyNotRun);
  const kernels = useStore((store) => store.device?.mode !== 'cpu');
  const progress = useStore((store) => store.progress);
  const plan = useStore((store) => store.plan);
  const stepWhat = useStore(stepWords);
  const active = isActive({ status });
  const chunk = active || progress ? progress?.chunk : undefined;
  const percent = progress ? Math.floor(progress.fraction * 100) : 0;
  const { bar, run: runButton, pause, stop: stopButton } = useFocusKept(active);
  return (
    <section ref={bar} tabIndex={-1} className={classes.bar} aria-label="Run">
      <div className={classes.dock}>
        <div className={classes.buttons}>
          <Button
            ref={runButton}
            size="md"
            leftSection={<PlayIcon />}
            onClick={() => void run()}
            disabled={why !== undefined}
            title={why}
            aria-describedby={missing ? WHY_NOT : undefined}
            data-testid="run"
            className={classes.run}
          >
            Run
          </Button>
          <AddButton />
          <Button
            ref={pause}
            variant="default"
            size="md"
            leftSection={status === 'paused' ? <PlayIcon /> : <PauseIcon />}
            onClick={pauseOrResume}
            disabled={!active}
            className={classes.pause}
            data-testid="pause"
          >
            {status === 'paused' ? 'Resume' : 'Pause'}
          </Button>
          <Button
            variant="default"
            size="md"
            leftSection={<StepIcon />}
            onClick={() => void step()}
            disabled={missing !== undefined}
            aria-describedby={missing ? WHY_NOT : undefined}
            data-testid="step"
            title={missing ?? `${capital(stepWhat)}, then pause`}
          >
            Step
          </Button>
          <Button
            ref={stopButton}
            variant="default"
            size="md"
            leftSection={<StopIcon />}
            onClick={stop}
            disabled={!active}
            data-testid="stop"
          >
            Stop
          </Button>
          <ExportButton />
        </div>
        <div className={classes.progress}>
          <div className={classes.line}>
            <span className={classes.state} data-status={starting ? 'idle' : status}>
              <span data-testid="status">{starting ? 'starting' : status}</span>
              <span className={classes.phase}>{active ? phaseOf(progress, kernels) : <SeeResults />}</span>
            </span>
            <span className={classes.chunk}>
              chunk {chunk ? grouped(chunk.index + 1) : '–'}/{grouped(chunk?.count ?? plan?.chunks ?? 0)}
            </span>
            <span className={classes.percent}>{percent} %</span>
            <span className={classes.left}>{timeOf(active, progress)}</span>
          </div>
          <Progress value={percent} size="lg" radius="sm" aria-label="Progress of the run" className={classes.track} />
        </div>
        {missing && (
          <p id={WHY_NOT} className={classes.why} hidden={missing === OPENING} data-testid="run-why-not">
            {missing}
          </p>
        )}
      </div>
      <Rates />
    </section>
  );
}

function Rates() {
  const progress = useStore((store) => store.progress);
  const software = useStore((store) => store.device !== undefined && (store.device.report?.software ?? true));
  const {
    itemName: { many },
    workName,
    workAbout,
    results,
  } = useStore(shownExperiment);
  const worth = kindViews[results.kind]?.worth;
  const busy =
    progress && progress.elapsedMs > 0
      ? Math.min(100, Math.round((100 * progress.busyMs) / progress.elapsedMs))
      : undefined;
  return (
    <div className={classes.rates}>
      <dl className={classes.list}>
        <Rate value={compact(progress?.itemsPerSecond)} unit={`${many}/s`}>
          Finished {many} per second: over the last three seconds, and when the run is over, over all of it. Pauses and
          compiling are left out. Measured.
        </Rate>
        <Rate value={compact(progress?.gradientsPerSecond)} unit={`${workName}/s`}>
          {workAbout ?? `${capital(workName)} per second`}; over the same time as the {many}. Measured.
        </Rate>
        {worth && (
          <Rate value={compact(progress?.essPerSecond ?? undefined)} unit={worth.unit}>
            {worth.about}
          </Rate>
        )}
        <Rate
          value={busy === undefined ? '–' : `${busy} %`}
          unit={progress?.clock === 'gpu-timestamp' ? 'GPU busy' : 'device busy'}
        >
          Share of the whole run&rsquo;s time, compilation included, in which the device was at work,{' '}
          {progress?.clock === 'gpu-timestamp' ? 'by GPU timestamps.' : 'by wall clock: no GPU timestamps here.'}
        </Rate>
        <Rate
          value={progress && progress.bound !== 'unknown' ? `${progress.bound.toUpperCase()}-bound` : '–'}
          unit="limit"
        >
          What holds the speed back: the device when it is busy 70 % of the time or more, the CPU and the browser around
          it when the device is busy less than 40 %. A dash lies between, or the run was too short to tell.
        </Rate>
      </dl>
      <div className={classes.aside}>
        <p className={classes.caveat}>{software ? 'Software adapter or CPU: these timings are not a GPU’s.' : ''}</p>
        <div className={classes.told}>
          <EventCount />
          <AdapterDetails />
        </div>
      </div>
    </div>
  );
}

/** Asks before an export says what the adapter is. */
function AdapterDetails() {
  const include = useStore((store) => store.adapterDetails);
  const known = useStore((store) => store.device?.report != null);
  if (!known) return null;
  return (
    <div className={classes.details}>
      <Switch
        size="xs"
        label="Export adapter details"
        checked={include}
        onChange={(event) => setAdapterDetails(event.currentTarget.checked)}
        data-testid="adapter-details"
      />
      <Explain what="adapter details in exports">
        Adds vendor, features and limits of your graphics adapter to environment.json of the zip. They help to compare
        timings, but can tell your machine from others. The choice is remembered in this browser.
      </Explain>
    </div>
  );
}

function Rate(props: { readonly value: string; readonly unit: string; readonly children: React.ReactNode }) {
  return (
    <div className={classes.rate}>
      <dt>
        <Explain what={props.unit} label={props.unit}>
          {props.children}
        </Explain>
      </dt>
      <dd>{props.value}</dd>
    </div>
  );
}
