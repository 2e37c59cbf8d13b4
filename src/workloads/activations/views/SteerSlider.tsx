import { Button, NativeSelect } from '@mantine/core';
import { useId } from 'react';
import classes from './Steer.module.css';
import { setSteering, useSteer } from './steer.ts';

/** Strength of the slider's ends and of a step, in mean residual norms. */
const MOST = 1;
const STEP = 0.05;

const signed = (value: number) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(2)}`;

/** How far stories are pushed, and behind which block. `own`: along a trait of the user's. */
export function SteerSlider({ own }: { readonly own: boolean }) {
  const { state, reply, setting } = useSteer();
  const id = useId();
  return (
    <div className={classes.slide}>
      <label htmlFor={`${id}-strength`}>
        Strength <output className={classes.value}>{signed(setting.strength)}</output>
      </label>
      <div className={classes.between}>
        <span aria-hidden="true" className={classes.end} data-side="negative">
          {own ? 'less of it' : 'sadder'}
        </span>
        <input
          id={`${id}-strength`}
          className={classes.range}
          type="range"
          min={-MOST}
          max={MOST}
          step={STEP}
          value={setting.strength}
          aria-valuetext={`${signed(setting.strength)} mean residual norms`}
          disabled={state === 'starting'}
          onChange={(event) => setSteering({ strength: Number(event.currentTarget.value) })}
          data-testid="steer-strength"
        />
        <span aria-hidden="true" className={classes.end} data-side="positive">
          {own ? 'more of it' : 'happier'}
        </span>
      </div>
      <Button
        size="compact-xs"
        variant="default"
        disabled={setting.strength === 0}
        onClick={() => setSteering({ strength: 0 })}
      >
        Let go
      </Button>
      {reply && (
        <NativeSelect
          size="xs"
          aria-label="Block behind which the vector is added"
          value={String(setting.layer ?? reply.layer)}
          data={Array.from({ length: reply.layers }, (_, i) => ({
            value: String(i + 1),
            label: `behind block ${i + 1}${reply.aucs ? `, AUC ${reply.aucs[i + 1].toFixed(2)}` : ''}`,
          }))}
          disabled={state === 'starting'}
          onChange={(event) => setSteering({ layer: Number(event.currentTarget.value) })}
        />
      )}
    </div>
  );
}
