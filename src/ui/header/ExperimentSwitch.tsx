import { Button } from '@mantine/core';
import { setWorkload } from '../state/actions.ts';
import { experiments } from '../state/config.ts';
import { isActive, useStore } from '../state/store.ts';
import classes from './Header.module.css';

/** The experiments there are; with one there is nothing to switch, so it is only named. */
export function ExperimentSwitch() {
  const current = useStore((store) => store.config.workload);
  const active = useStore(isActive);
  // One that is chosen by its address is named, whether others are told of it or not.
  const listed = experiments.filter(({ id, hidden }) => !hidden || id === current);
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
          onClick={() => experiment.id !== current && setWorkload(experiment.id)}
        >
          {experiment.title}
        </Button>
      ))}
    </nav>
  );
}
