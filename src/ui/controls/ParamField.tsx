import { NativeSelect, Switch } from '@mantine/core';
import { Suspense } from 'react';
import { paramFromText, paramToField } from '../../workloads/param-text.ts';
import { textObjection } from '../../workloads/param-words.ts';
import type { ParamSpec } from '../../workloads/params.ts';
import { DraftInput } from '../shared/DraftInput.tsx';
import { FieldLabel } from '../shared/FieldLabel.tsx';
import { later } from '../shared/later.tsx';
import { setFieldError, setParam } from '../state/actions.ts';
import { isActive, useStore } from '../state/store.ts';
import classes from './Controls.module.css';

const SetField = later(() => import('./SetField.tsx'));

/** One parameter of the table: label, unit, explanation, input, and what is wrong with it. */
export function ParamField({ spec }: { readonly spec: ParamSpec }) {
  const given = useStore((store) => store.config.params[spec.key]);
  const error = useStore((store) => store.fieldErrors[`params.${spec.key}`]);
  // A file's number goes before the preset's; one that contradicts it is an error.
  const stated = useStore(({ plan }) => (error ? undefined : plan?.stated.find(({ key }) => key === spec.key)));
  const value = stated?.value ?? given;
  const locked = useStore(isActive);
  const id = `param-${spec.key}`;
  if (spec.kind === 'boolean') {
    return (
      <div className={classes.wide}>
        <FieldLabel htmlFor={id} label={spec.label} unit={spec.unit} help={spec.help} />
        <Switch
          id={id}
          disabled={locked}
          checked={value === true}
          onChange={(event) => setParam(spec.key, event.currentTarget.checked)}
        />
      </div>
    );
  }
  if (spec.kind === 'choice') {
    const chosen = spec.choices.find((choice) => choice.value === value);
    return (
      <div className={classes.wide}>
        <FieldLabel htmlFor={id} label={spec.label} unit={spec.unit} help={spec.help} />
        <NativeSelect
          id={id}
          size="xs"
          disabled={locked}
          value={String(value)}
          data={spec.choices.map((choice) => ({ value: choice.value, label: choice.label }))}
          onChange={(event) => setParam(spec.key, event.currentTarget.value)}
          error={error}
        />
        {chosen?.help && <p className={classes.note}>{chosen.help}</p>}
      </div>
    );
  }
  if (spec.kind === 'set') {
    return (
      <Suspense>
        <SetField spec={spec} value={String(value)} locked={locked} error={error} />
      </Suspense>
    );
  }
  return (
    <div className={isWide(spec) ? classes.wide : undefined}>
      <FieldLabel htmlFor={id} label={spec.label} unit={spec.unit} help={spec.help} />
      <DraftInput
        id={id}
        text={paramToField(spec, value)}
        error={error}
        disabled={locked}
        inputMode={isWide(spec) ? 'text' : 'decimal'}
        spellCheck={false}
        keepFocused
        take={(typed) => take(spec, typed)}
      />
      {stated && <p className={classes.note}>From {stated.source}.</p>}
    </div>
  );
}

/** What is typed there may be longer than a number. */
const isWide = ({ kind }: ParamSpec) => kind === 'numberList' || kind === 'text';

function take(spec: ParamSpec, typed: string): void {
  const objection = textObjection(spec, typed);
  if (objection) setFieldError(`params.${spec.key}`, objection);
  else setParam(spec.key, paramFromText(spec, typed));
}
