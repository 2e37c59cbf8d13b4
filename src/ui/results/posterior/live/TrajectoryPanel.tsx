import { lazy } from 'react';
import classes from '../../../live/LiveTab.module.css';
import { Empty, Panel } from '../../../shared/Panel.tsx';
import { isOver, peekOfForm, runOfForm } from '../../../state/shown.ts';
import { useStore } from '../../../state/store.ts';
import { chainsOf } from './chains-of.ts';
import { TRAJECTORY_HELP } from './trajectory-help.ts';

// Nothing to draw before a run, so what draws is no part of the first load.
const Trajectory = lazy(() => import('./Trajectory.tsx'));

/** The path of the watched chain, or what will be its place. */
export default function TrajectoryPanel() {
  const peek = useStore(peekOfForm);
  const trail = useStore((store) => store.trail);
  const run = useStore(runOfForm);
  const over = useStore(isOver);
  const look = chainsOf(peek);
  if (run && peek && look)
    return (
      <Trajectory
        trail={trail.flatMap((earlier) => chainsOf(earlier) ?? [])}
        look={look}
        parameters={run.parameters}
        truth={run.items[peek.item]?.truth ?? {}}
      />
    );
  return (
    <Panel title="Trajectory" about={TRAJECTORY_HELP} className={classes.tall}>
      <Empty>
        {over
          ? 'The run was over before the first look at its chains.'
          : 'The path of the chosen chain through the plane of two parameters appears here, with the true value marked where it is known.'}
      </Empty>
    </Panel>
  );
}
