import { NativeSelect, Switch, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { paramFromText, paramToText } from '../../workloads/param-text.ts';
import type { ParamSpec } from '../../workloads/params.ts';
import { FieldLabel } from '../shared/FieldLabel.tsx';
import { setParam } from '../state/actions/configuration.ts';
import { setFieldError } from '../state/actions/refusals.ts';
import { isActive, useStore } from '../state/store.ts';
import classes from './Controls.module.css';

/** One parameter of the table: label, unit, explanation, input, and what is wrong with it. */
export function ParamField({ spec }: { readonly spec: ParamSpec }) {
  const value = useStore((store) => store.config.params[spec.key]);
  const error = useStore((store) => store.fieldErrors[`params.${spec.key}`]);
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
  return (
    <div className={spec.kind === 'numberList' ? classes.wide : undefined}>
      <FieldLabel htmlFor={id} label={spec.label} unit={spec.unit} help={spec.help} />
      <TextField id={id} spec={spec} text={paramToText(value).replaceAll(',', ', ')} error={error} locked={locked} />
    </div>
  );
}

interface TextFieldProps {
  readonly id: string;
  readonly spec: ParamSpec;
  /** The value in force. */
  readonly text: string;
  readonly error: string | undefined;
  readonly locked: boolean;
}

/** Text that becomes a value as soon as it is one; until then it stays as typed, with what is wrong below. */
function TextField({ id, spec, text, error, locked }: TextFieldProps) {
  const [draft, setDraft] = useState(text);
  const [focused, setFocused] = useState(false);
  useEffect(() => {
    if (!focused && !error) setDraft(text);
  }, [text, focused, error]);
  const change = (typed: string) => {
    setDraft(typed);
    try {
      setParam(spec.key, paramFromText(spec, typed));
    } catch (thrown) {
      setFieldError(`params.${spec.key}`, (thrown as Error).message);
    }
  };
  return (
    <TextInput
      id={id}
      size="xs"
      value={draft}
      error={error}
      disabled={locked}
      inputMode={spec.kind === 'numberList' ? 'text' : 'decimal'}
      autoComplete="off"
      spellCheck={false}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
