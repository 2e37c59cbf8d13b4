import { Button, Checkbox } from '@mantine/core';
// Here alone: no first visit has such a field.
import '@mantine/core/styles/Checkbox.css';
import type { SetParam } from '../../workloads/params.ts';
import { setText } from '../../workloads/validate.ts';
import { Explain } from '../shared/Explain.tsx';
import { setFieldError, setParam } from '../state/actions.ts';
import classes from './SetField.module.css';

interface Props {
  readonly spec: SetParam;
  readonly value: string;
  readonly locked: boolean;
  readonly error: string | undefined;
}

/** Ticks for some of several, under their headings. */
export default function SetField({ spec, value, locked, error }: Props) {
  const { key, choices } = spec;
  const id = `param-${key}`;
  const ticked = new Set(value.split(','));
  const groups = [...new Set(choices.map(({ group }) => group))];
  const take = (values: readonly string[]) => {
    const text = setText(spec, values);
    if (text === undefined) setFieldError(`params.${key}`, 'Keep at least one.');
    else setParam(key, text);
  };
  const all = ticked.size === choices.length;
  return (
    <fieldset id={id} className={classes.set} disabled={locked} aria-describedby={error ? `${id}-error` : undefined}>
      <legend className={classes.legend}>
        <span className={classes.label}>
          {spec.label}
          <Explain what={spec.label}>{spec.help}</Explain>
        </span>
        <Button
          size="compact-xs"
          variant="default"
          disabled={locked}
          onClick={() => take(all ? spec.default.split(',') : choices.map((choice) => choice.value))}
        >
          {all ? 'As at first' : 'All'}
        </Button>
      </legend>
      {groups.map((group) => (
        <div key={group ?? ''} className={classes.group}>
          {group && <p className={classes.heading}>{group}</p>}
          {choices
            .filter((choice) => choice.group === group)
            .map((choice) => (
              <Checkbox
                key={choice.value}
                size="xs"
                data-testid={`${id}-${choice.value}`}
                label={choice.label}
                description={choice.help}
                disabled={locked}
                checked={ticked.has(choice.value)}
                onChange={({ currentTarget: { checked } }) =>
                  take(checked ? [...ticked, choice.value] : [...ticked].filter((each) => each !== choice.value))
                }
              />
            ))}
        </div>
      ))}
      {error && (
        <p id={`${id}-error`} className={classes.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
