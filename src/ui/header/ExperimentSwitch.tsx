import { Button } from '@mantine/core';
import { listedExperiments } from '../../workloads/listed.ts';
import { setWorkload } from '../state/actions.ts';
import { getToKnow } from '../state/known-experiments.ts';
import { isActive, useStore } from '../state/store.ts';
import classes from './Header.module.css';

/** What does not come now is asked for again, and told of, when it is chosen. */
const foresee = (id: string) => void getToKnow(id).catch(() => undefined);

/** The experiments there are; with one there is nothing to switch, so it is only named. */
export function ExperimentSwitch() {
  const current = useStore((store) => store.config.workload);
  const active = useStore(isActive);
  // One that is chosen by its address is named, whether others are told of it or not.
  const listed = listedExperiments.filter(({ id, hidden }) => !hidden || id === current);
  return (
    <nav className={classes.experiments} aria-label="Experiment">
      {listed.map((experiment) => (
        <Button
          key={experiment.id}
          size="xs"
          variant={experiment.id === current ? 'light' : 'subtle'}
          aria-current={experiment.id === current ? 'page' : undefined}
          disabled={active && experiment.id !== current}
          title={experiment.blurb}
          onPointerEnter={() => foresee(experiment.id)}
          onFocus={() => foresee(experiment.id)}
          onClick={() => experiment.id !== current && void setWorkload(experiment.id)}
        >
          {experiment.title}
        </Button>
      ))}
    </nav>
  );
}
