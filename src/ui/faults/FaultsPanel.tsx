import { Button, Switch, TextInput } from '@mantine/core';
import { useEffect, useId, useRef, useState } from 'react';
import type { FaultPlan } from '../../gpu/faults.ts';
import { CloseIcon } from '../shared/icons.tsx';
import { Panel } from '../shared/Panel.tsx';
import { showFaults } from '../state/actions.ts';
import { applyFaults } from '../state/faults.ts';
import { formExperiment } from '../state/shown.ts';
import { isActive, isTuning, useStore } from '../state/store.ts';
import type { Store } from '../state/types.ts';
import classes from './Faults.module.css';
import { type Draft, draftOf, FAULT_FIELDS, type FaultField, fieldsOf, planOf } from './fields.ts';

/** Faults on demand, for teaching: what goes wrong on real machines, when one wants to see it. */
export default function FaultsPanel() {
  const faults = useStore((store) => store.faults);
  const [draft, setDraft] = useState<Draft>(() => draftOf(faults ?? {}));
  const [busy, setBusy] = useState(false);
  const fields = fieldsOf(useStore(formExperiment));
  const reason = useStore(whyNot);
  const { plan, wrong } = planOf(draft);
  const box = useRef<HTMLDivElement>(null);
  const asked = useStore((store) => store.faultsOpen);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever asks once more is led there once more
  useEffect(() => {
    // Whoever has just asked for the panel goes on in it.
    box.current?.focus();
    box.current?.scrollIntoView({ block: 'nearest' });
  }, [asked]);
  const apply = async (next: FaultPlan) => {
    setBusy(true);
    await applyFaults(next);
    setBusy(false);
  };
  const off = async () => {
    setDraft({});
    await apply({});
  };
  return (
    <div ref={box} tabIndex={-1} className={classes.box} data-testid="faults-panel">
      <Panel
        title="Faults on demand, for teaching"
        about="A real device that misbehaves as asked, so that one can watch what a run does about it. Nothing here is saved or goes into a link; a bundle made with faults says so, and its result id is that of the same run without."
        aside={
          <Button size="xs" variant="default" leftSection={<CloseIcon size={14} />} onClick={() => showFaults(false)}>
            Close
          </Button>
        }
      >
        <p className={classes.lead}>
          Choose what shall go wrong, apply it, and press Run. Submits are counted from there, the self-test of the
          device left out.
        </p>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (reason === undefined && Object.keys(wrong).length === 0) void apply(plan);
          }}
        >
          <div className={classes.fields}>
            {fields.map((field) => (
              <Field
                key={field.key}
                field={field}
                value={draft[field.key]}
                wrong={wrong[field.key]}
                onChange={(value) => setDraft({ ...draft, [field.key]: value })}
              />
            ))}
          </div>
          <div className={classes.actions}>
            <Button
              type="submit"
              size="xs"
              loading={busy}
              disabled={reason !== undefined || Object.keys(wrong).length > 0}
              data-testid="faults-apply"
            >
              Apply
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={reason !== undefined || faults === undefined || busy}
              onClick={() => void off()}
            >
              Switch all off
            </Button>
            <span className={classes.soft} role="status">
              {reason ?? (same(plan, faults ?? {}) ? '' : 'Not applied yet.')}
            </span>
          </div>
        </form>
      </Panel>
    </div>
  );
}

/** Why the device cannot be opened anew now; undefined where it can. */
function whyNot(store: Store): string | undefined {
  if (store.device === undefined) return 'The adapter is being opened.';
  if (isActive(store)) return 'A run is in progress; stop it or wait for its end.';
  return isTuning(store) ? 'The tuner is at work; cancel it first.' : undefined;
}

function same(a: FaultPlan, b: FaultPlan): boolean {
  return FAULT_FIELDS.every(({ key }) => a[key] === b[key]);
}

interface FieldProps {
  readonly field: FaultField;
  readonly value: string | boolean | undefined;
  readonly wrong: string | undefined;
  readonly onChange: (value: string | boolean) => void;
}

function Field({ field, value, wrong, onChange }: FieldProps) {
  const id = useId();
  const { key, id: mark = key, label, unit, expect } = field;
  return (
    <div className={classes.field} data-added={field.of !== undefined || undefined}>
      {unit === undefined ? (
        <Switch
          size="xs"
          label={label}
          checked={value === true}
          aria-describedby={`${id}-expect`}
          onChange={(event) => onChange(event.currentTarget.checked)}
          data-testid={`fault-${mark}`}
        />
      ) : (
        <>
          <label htmlFor={id} className={classes.label}>
            {label} <span className={classes.soft}>{unit}</span>
          </label>
          <TextInput
            id={id}
            size="xs"
            inputMode="decimal"
            autoComplete="off"
            placeholder="off"
            value={typeof value === 'string' ? value : ''}
            error={wrong}
            aria-describedby={`${id}-expect`}
            onChange={(event) => onChange(event.currentTarget.value)}
            data-testid={`fault-${mark}`}
          />
        </>
      )}
      <p id={`${id}-expect`} className={classes.expect}>
        {expect}
      </p>
    </div>
  );
}
