import { TRAJECTORY_HELP, Trajectory } from '../results/posterior/live/Trajectory.tsx';
import { Empty, Panel } from '../shared/Panel.tsx';
import { experiments } from '../state/config.ts';
import { useStore } from '../state/store.ts';
import classes from './LiveTab.module.css';
import { Stamps } from './Stamps.tsx';

/** Image, model and residual of the item being watched, and the path of one of its chains. */
export function StampPanels() {
  const peek = useStore((store) => store.peek);
  const trail = useStore((store) => store.trail);
  const run = useStore((store) => store.run);
  const one = useStore((store) => experiments.find(({ id }) => id === store.config.workload)!.itemName.one);
  return (
    <>
      <Panel
        className={classes.tall}
        title="Data, model, residual"
        about={`The image of the ${one} being watched, the model at the current position of the chosen chain, and their difference. A residual without structure means that the model explains the data.`}
      >
        {peek?.images ? (
          <Stamps images={peek.images} />
        ) : (
          <Empty>
            While a run goes on, the observed stamp, the model at the chain&rsquo;s position and their difference appear
            here.
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
    </>
  );
}
