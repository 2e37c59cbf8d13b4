import { NativeSelect, Switch } from '@mantine/core';
import { Suspense } from 'react';
import { exactBytes, grouped, shortBytes } from '../format.ts';
import { DraftInput } from '../shared/DraftInput.tsx';
import { Explain } from '../shared/Explain.tsx';
import field from '../shared/FieldLabel.module.css';
import { FieldLabel } from '../shared/FieldLabel.tsx';
import { later } from '../shared/later.tsx';
import { precisionOptions } from '../shared/precisionOptions.ts';
import { setBatch, setFieldError, setPrecision } from '../state/actions.ts';
import { isCostly } from '../state/costly.ts';
import { formExperiment } from '../state/shown.ts';
import { isActive, useStore } from '../state/store.ts';
import { AutoSource } from './AutoSource.tsx';
import classes from './Controls.module.css';

const RunCost = later(() => import('./RunCost.tsx'));

const MIB = 1024 ** 2;

/** Arrow keys double and halve: the native step of a range cannot. */
const KEY_TURNS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/** The smallest power of two above a size, and the largest below. */
const nextPower = (size: number) => 2 ** (Math.floor(Math.log2(size)) + 1);
const previousPower = (size: number) => 2 ** (Math.ceil(Math.log2(size)) - 1);

/** How many items share a chunk, and the exact memory that takes beside what there is. */
export function BatchControl() {
  const batch = useStore((store) => store.config.batch);
  const precision = useStore((store) => store.config.precision);
  const plan = useStore((store) => store.plan);
  const unplanned = useStore((store) => store.unplanned);
  const error = useStore((store) => store.fieldErrors['batch.size']);
  const budgetError = useStore((store) => store.fieldErrors['batch.memoryBudgetMiB']);
  const { itemName: names, precisions, cpuPrecision = 'f64' } = useStore(formExperiment);
  const precisionError = useStore((store) => store.fieldErrors.precision);
  const locked = useStore(isActive);
  const twin = useStore((store) => store.device?.mode === 'cpu');
  const report = useStore((store) => store.device?.report);
  const auto = batch.size === 'auto';
  const size = auto ? (plan?.chunk ?? 1) : (batch.size as number);
  const items = plan?.items ?? 1;
  // Stages of a run take their memory one after the other: the most of them counts.
  const staged = plan?.mostBytesIn?.startsWith('stage ');
  return (
    <section className={classes.group} aria-label="Batch">
      <FieldLabel
        htmlFor="batch-size"
        label="Batch size"
        unit={`${names.many} in a chunk`}
        help={`A chunk advances in lock-step as one GPU job, then its ${names.many} are stored and the next chunk starts. The size changes speed and memory, never the answer: the same seed gives the same bits.`}
      />
      <div className={classes.sizes}>
        <input
          type="range"
          className={classes.range}
          aria-label="Batch size on a doubling scale"
          aria-valuetext={`${size} ${names.many}`}
          disabled={locked}
          min={0}
          max={Math.max(1, Math.ceil(Math.log2(items)))}
          step="any"
          value={Math.log2(size)}
          onChange={(event) => setBatch({ size: Math.min(2 ** Math.round(event.currentTarget.valueAsNumber), items) })}
          onKeyDown={(event) => {
            const turn = KEY_TURNS[event.key];
            if (turn === undefined) return;
            event.preventDefault();
            setBatch({ size: Math.max(1, Math.min(turn > 0 ? nextPower(size) : previousPower(size), items)) });
          }}
        />
        <DraftInput
          id="batch-size"
          data-testid="batch-size"
          text={String(size)}
          error={error !== undefined}
          disabled={locked}
          take={takeSize}
        />
        <Switch
          size="xs"
          label="Auto"
          disabled={locked}
          title="What the tuner measured on this adapter, else the batch table’s value, as far as memory allows"
          checked={auto}
          onChange={(event) => setBatch({ size: event.currentTarget.checked ? 'auto' : size })}
        />
      </div>
      {error && <p className={classes.error}>{error}</p>}
      <AutoSource names={names} />
      <div className={classes.memory}>
        <div className={classes.track}>
          <div
            className={classes.fill}
            data-over={plan?.tooLarge !== undefined || undefined}
            style={{ width: plan ? `${Math.min(100, (100 * plan.totalBytes) / plan.caps.budgetBytes)}%` : 0 }}
          />
        </div>
        <div className={classes.memoryText}>
          <strong data-testid="memory-total">
            {plan
              ? exactBytes(staged ? plan.mostBytes : plan.totalBytes)
              : unplanned
                ? 'Not planned'
                : 'Counting bytes'}
          </strong>
          <br />
          {plan && (
            <span className={classes.unit}>
              of {shortBytes(plan.caps.budgetBytes)} budget ·{' '}
              {plan.chunks === 1
                ? `${plan.items === 1 ? 'one' : `all ${grouped(plan.items)}`} in one chunk`
                : `${grouped(plan.items)} in ${grouped(plan.chunks)} chunks`}
              {plan.mostBytesIn &&
                (staged
                  ? ` · in ${plan.mostBytesIn}, the largest`
                  : ` · ${plan.mostBytesIn} would take up to ${exactBytes(plan.mostBytes)}`)}
            </span>
          )}
        </div>
        {unplanned && (
          <p className={classes.error}>
            This form cannot be planned; the message says why.{plan && ' Bytes and batch are of the form before.'}
          </p>
        )}
        {plan?.tooLarge && <p className={classes.error}>{plan.tooLarge}</p>}
        {plan && isCostly(plan) && (
          <Suspense>
            <RunCost />
          </Suspense>
        )}
      </div>
      <div className={classes.fields}>
        <BudgetField mib={batch.memoryBudgetMiB} error={budgetError} locked={locked} />
        <div>
          <div className={field.label}>
            <span>Precision</span>
            <Explain what="Precision">
              Number format of the arithmetic: f32 is IEEE single precision. Where it is offered, f16-storage keeps
              weights and activations in halves and sums in f32; f16 multiplies halves too, on adapters that can. f32
              turns mixed precision off.
            </Explain>
          </div>
          {twin || precisions.length < 2 ? (
            <output className={classes.fixed}>{twin ? `${cpuPrecision}, on the CPU` : precision}</output>
          ) : (
            <NativeSelect
              size="xs"
              aria-label="Precision"
              disabled={locked}
              value={precision}
              data={precisionOptions(precisions, report)}
              error={precisionError}
              onChange={(event) => setPrecision(precisions[event.currentTarget.selectedIndex])}
            />
          )}
        </div>
      </div>
    </section>
  );
}

function takeSize(typed: string): void {
  const value = Number(typed);
  if (Number.isInteger(value) && value >= 1) setBatch({ size: value });
  else setFieldError('batch.size', 'Give a whole number from 1 up.');
}

function BudgetField({
  mib,
  error,
  locked,
}: {
  readonly mib: number;
  readonly error: string | undefined;
  readonly locked: boolean;
}) {
  const change = (typed: string) => {
    const value = Number(typed);
    if (Number.isInteger(value) && value >= 1 && value * MIB < Number.MAX_SAFE_INTEGER)
      setBatch({ memoryBudgetMiB: value });
    else setFieldError('batch.memoryBudgetMiB', 'Give a whole number of MiB from 1 up.');
  };
  return (
    <div>
      <FieldLabel
        htmlFor="memory-budget"
        label="GPU budget"
        unit="MiB"
        help="Most GPU memory that all buffers may take together. Browsers do not say how much is free, so this is your decision; every buffer is counted to the byte before it is taken."
      />
      <DraftInput id="memory-budget" text={String(mib)} error={error} disabled={locked} take={change} />
    </div>
  );
}
