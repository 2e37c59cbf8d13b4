import { Progress } from '@mantine/core';
import { useEffect, useState } from 'react';
import { clock } from '../format.ts';
import { CheckIcon, CloseIcon, WarnIcon } from '../shared/icons.tsx';
import { useStore } from '../state/store.ts';
import type { Tuning } from '../state/types.ts';
import { BEYOND, howLong, PHASES, tuningProgress } from './phases.ts';
import classes from './Tuner.module.css';

const TICK_MS = 500;

/** Where a tuning is, or why it ended without a result. */
export function TuningStatus({ tuning }: { readonly tuning: Tuning }) {
  const { state, error } = tuning;
  if (state === 'cancelled') {
    return (
      <p className={classes.ended} role="status" data-testid="tune-cancelled">
        <CloseIcon />
        <span>
          <strong>Cancelled.</strong> Its GPU memory is free again, and nothing of it is remembered. The trials until
          then are below.
        </span>
      </p>
    );
  }
  if (state === 'failed') {
    return (
      <p className={classes.ended} data-tone="bad" role="alert" data-testid="tune-failed">
        <WarnIcon />
        <span>
          <strong>No batch size was found.</strong> {error?.message} {error?.kept} {error?.todo}
        </span>
      </p>
    );
  }
  return <Going tuning={tuning} />;
}

function Going({ tuning }: { readonly tuning: Tuning }) {
  const software = useStore((store) => store.device?.report?.software ?? false);
  const phases = tuning.beyond ? [...PHASES, BEYOND] : PHASES;
  const { phase, fraction } = tuningProgress(tuning.events, tuning.beyond);
  const current = phases.findIndex(({ id }) => id === phase);
  return (
    <div className={classes.going} data-testid="tune-going">
      <ol className={classes.phases}>
        {phases.map(({ id, label }, index) => (
          <li
            key={id}
            data-state={index < current ? 'over' : index === current ? 'now' : 'next'}
            aria-current={index === current ? 'step' : undefined}
          >
            {index < current ? <CheckIcon size={13} /> : <span aria-hidden="true">{index + 1}</span>}
            {label}
          </li>
        ))}
      </ol>
      <Progress
        value={Math.max(2, 100 * fraction)}
        size="lg"
        radius="sm"
        aria-label="Progress of the tuning"
        className={classes.track}
      />
      <p className={classes.what}>
        <span>{phases[current].about}</span>
        <Elapsed since={tuning.startedAt} software={software} />
      </p>
    </div>
  );
}

function Elapsed({ since, software }: { readonly since: number; readonly software: boolean }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className={classes.elapsed}>
      {clock(Math.max(0, (now - since) / 1000))}, {howLong(software)}
    </span>
  );
}
