import { lazy, Suspense } from 'react';
import { Empty, Panel } from '../shared/Panel.tsx';
import { experiments } from '../state/config.ts';
import { useStore } from '../state/store.ts';
import { MemoryOverTime, SpeedOverTime } from './History.tsx';
import classes from './LiveTab.module.css';
import { Stamps } from './Stamps.tsx';
import { TRAJECTORY_HELP, Trajectory } from './Trajectory.tsx';
import { WatchPicker } from './WatchPicker.tsx';

const RunLog = lazy(() => import('../run/RunLog.tsx'));

/** What happens right now: one item of the chunk in flight, and the run's speed and memory over time. */
export function LiveTab() {
  const peek = useStore((store) => store.peek);
  const trail = useStore((store) => store.trail);
  const run = useStore((store) => store.run);
  const points = useStore((store) => store.history.points);
  const eventful = useStore((store) => store.events.length > 0);
  const one = useStore((store) => experiments.find(({ id }) => id === store.config.workload)!.itemName.one);
  return (
    <>
      <WatchPicker />
      <div className={classes.grid}>
        <Panel
          className={classes.tall}
          title="Data, model, residual"
          about={`The image of the ${one} being watched, the model at the current position of the chosen chain, and their difference. A residual without structure means that the model explains the data.`}
        >
          {peek?.images ? (
            <Stamps images={peek.images} />
          ) : (
            <Empty>
              While a run goes on, the observed stamp, the model at the chain&rsquo;s position and their difference
              appear here.
            </Empty>
          )}
        </Panel>
        {run && peek ? (
          <Trajectory trail={trail} peek={peek} parameters={run.parameters} truth={run.items[peek.item]?.truth ?? {}} />
        ) : (
          <Panel title="Trajectory" about={TRAJECTORY_HELP} className={classes.tall}>
            <Empty>
              The path of the chosen chain through the plane of two parameters appears here, with the true value marked.
            </Empty>
          </Panel>
        )}
        <Panel className={classes.low} title="Speed over time" about="Both rates since the start, pauses left out.">
          {points.length > 1 ? (
            <SpeedOverTime points={points} />
          ) : (
            <Empty>Finished items and gradients per second appear here.</Empty>
          )}
        </Panel>
        <Panel
          className={classes.low}
          title="GPU memory over time"
          about="Bytes of all buffers, counted exactly by the engine's ledger, not estimated. They are taken once at the start and never grow."
        >
          {run?.mode === 'cpu-twin' ? (
            <Empty>This run is on the CPU: it holds no GPU memory.</Empty>
          ) : points.length > 1 ? (
            <MemoryOverTime points={points} />
          ) : (
            <Empty>The bytes that the run holds on the GPU appear here.</Empty>
          )}
        </Panel>
      </div>
      {eventful && (
        <div className={classes.log}>
          <Suspense>
            <RunLog />
          </Suspense>
        </div>
      )}
    </>
  );
}
