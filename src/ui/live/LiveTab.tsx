import { lazy, Suspense } from 'react';
import { experimentViews } from '../../workloads/views.ts';
import { kindViews } from '../results/index.ts';
import { Empty, Panel } from '../shared/Panel.tsx';
import { formExperiment, isOver, shownExperiment } from '../state/shown.ts';
import { useStore } from '../state/store.ts';
import classes from './LiveTab.module.css';
import { WatchPicker } from './WatchPicker.tsx';

const RunLog = lazy(() => import('../run/RunLog.tsx'));
// Nothing to draw before a run, so what draws is no part of the first load.
const SpeedOverTime = lazy(async () => ({ default: (await import('./OverTime.tsx')).SpeedOverTime }));
const MemoryOverTime = lazy(async () => ({ default: (await import('./OverTime.tsx')).MemoryOverTime }));

const TOO_SHORT = 'The run was over before there were two readings to draw a line through.';

/** What happens right now: one item of the chunk in flight, and the run's speed and memory over time. */
export function LiveTab() {
  const run = useStore((store) => store.run);
  const points = useStore((store) => store.history.points);
  const over = useStore(isOver);
  const eventful = useStore((store) => store.events.length > 0);
  const { itemName, workName } = useStore(shownExperiment);
  const { id, results } = useStore(formExperiment);
  const own = experimentViews[id];
  const watched = own?.Live
    ? []
    : [own?.Watched, kindViews[results.kind]?.Watched].filter((view) => view !== undefined);
  return (
    <>
      {own?.Live ? (
        <Suspense fallback={<Empty>Loading</Empty>}>
          <own.Live />
        </Suspense>
      ) : (
        watched.length > 0 && <WatchPicker />
      )}
      <div className={classes.grid}>
        {watched.map((View, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an experiment's views never change places
          <Suspense key={`${id} ${place}`} fallback={<div className={classes.tall} />}>
            <View />
          </Suspense>
        ))}
        <Panel className={classes.low} title="Speed over time" about="Both rates since the start, pauses left out.">
          {points.length > 1 ? (
            <Suspense>
              <SpeedOverTime points={points} items={itemName.many} work={workName} />
            </Suspense>
          ) : (
            <Empty>{over ? TOO_SHORT : `Finished ${itemName.many} and ${workName} per second appear here.`}</Empty>
          )}
        </Panel>
        <Panel
          className={classes.low}
          title="GPU memory over time"
          about="Bytes of all buffers, counted exactly by the engine's ledger, not estimated. They are taken once at the start and never grow."
        >
          {run && run.mode !== 'webgpu' ? (
            <Empty>This run is on the CPU: it holds no GPU memory.</Empty>
          ) : points.length > 1 ? (
            <Suspense>
              <MemoryOverTime points={points} />
            </Suspense>
          ) : (
            <Empty>{over ? TOO_SHORT : 'The bytes that the run holds on the GPU appear here.'}</Empty>
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
