import { Button, NativeSelect, Progress, TextInput } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import type { Precision } from '../../gpu/precision.ts';
import type { TrainingReport } from '../../nn/training/loop.ts';
import { grouped, plain } from '../format.ts';
import { FieldLabel } from '../shared/FieldLabel.tsx';
import { PauseIcon, PlayIcon, StopIcon } from '../shared/icons.tsx';
import { precisionOptions } from '../shared/precisionOptions.ts';
import { isActive, isTuning, useStore } from '../state/store.ts';
import { isTraining, type TrainingControls, type TrainingState } from './controls.ts';
import classes from './TrainingForm.module.css';

/** Nothing can be trained without one. */
const NO_ADAPTER = { features: [] };

export interface TrainingField<K extends string = string> {
  readonly key: K;
  readonly label: string;
  readonly help: string;
}

export interface TrainingFormProps<K extends string, P extends Precision> {
  readonly fields: readonly TrainingField<K>[];
  /** What fields that are left empty stand for. */
  readonly defaults: Readonly<Record<K, number>>;
  readonly precisions: readonly P[];
  readonly training: TrainingState;
  readonly controls: Omit<TrainingControls<never>, 'train' | 'refuse'>;
  /** With the fields that were filled in. */
  onStart(numbers: Partial<Record<K, number>>, precision: P): void;
  /** A field that holds no number. */
  onUnread(field: TrainingField<K>, text: string): void;
  /** The field at fault, which is marked and named. */
  readonly wrong?: TrainingField<K>;
  /** Beside the buttons of any training. */
  readonly more?: ReactNode;
  /** What happens before the first steps. */
  readonly preparing: string;
  facts(report: TrainingReport): ReactNode;
  /** Below, once there is a training. */
  readonly children: ReactNode;
}

/** What a training is begun with, its buttons, and how far it is. */
export function TrainingForm<K extends string, P extends Precision>({
  fields,
  defaults,
  precisions,
  training,
  controls,
  onStart,
  onUnread,
  wrong,
  more,
  preparing,
  facts,
  children,
}: TrainingFormProps<K, P>) {
  const blocked = useBlocked();
  const noGpu = useStore((store) => store.device !== undefined && store.device.report === null);
  const adapter = useStore((store) => store.device?.report);
  const [typed, setTyped] = useState<Partial<Record<K, string>>>({});
  const [precision, setPrecision] = useState(precisions[0]);
  const going = isTraining(training);
  const { report, problem, error, starting } = training;
  const paused = report?.state === 'paused';
  const id = useId();
  const start = () => {
    const given = Object.entries<string | undefined>(typed).filter(([, text]) => text?.trim() !== '');
    const numbers = Object.fromEntries(given.map(([key, text]) => [key, Number(text)])) as Partial<Record<K, number>>;
    const unread = fields.find(({ key }) => Number.isNaN(numbers[key]));
    if (unread) onUnread(unread, typed[unread.key] ?? '');
    else onStart(numbers, precision);
  };
  return (
    <>
      <div className={classes.fields}>
        {fields.map(({ key, label, help }) => (
          <div key={key}>
            <FieldLabel htmlFor={`${id}-${key}`} label={label} help={help} />
            <TextInput
              id={`${id}-${key}`}
              size="xs"
              inputMode="decimal"
              autoComplete="off"
              disabled={going}
              error={wrong?.key === key}
              placeholder={String(defaults[key])}
              value={typed[key] ?? ''}
              onChange={(event) => setTyped({ ...typed, [key]: event.currentTarget.value })}
            />
          </div>
        ))}
        <div>
          <FieldLabel
            htmlFor={`${id}-precision`}
            label="Trained in"
            help="f32 turns mixed precision off. Weights, moments and their average are kept in f32 in any case; f16 needs an adapter with shader-f16 and scales the loss."
          />
          <NativeSelect
            id={`${id}-precision`}
            size="xs"
            disabled={going}
            value={precision}
            data={precisionOptions(precisions, adapter ?? NO_ADAPTER)}
            onChange={(event) => setPrecision(event.currentTarget.value as P)}
          />
        </div>
      </div>
      <div className={classes.actions}>
        {going ? (
          <>
            <Button
              size="xs"
              variant="default"
              leftSection={paused ? <PlayIcon /> : <PauseIcon />}
              disabled={!report || starting}
              onClick={() => controls.pause(!paused)}
              data-testid="train-pause"
            >
              {paused ? 'Go on' : 'Pause training'}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<StopIcon />}
              disabled={!report || starting}
              onClick={controls.stop}
              data-testid="train-stop"
            >
              Stop training
            </Button>
          </>
        ) : (
          <Button size="xs" leftSection={<PlayIcon />} disabled={blocked} onClick={start} data-testid="train-start">
            Train from nothing
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          disabled={going || !report}
          onClick={() => void controls.take()}
          data-testid="train-use"
        >
          Use it for sampling
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={!report || starting}
          onClick={() => void controls.save()}
          data-testid="train-save"
        >
          Save .safetensors
        </Button>
        {more}
      </div>
      {noGpu && <p className={classes.note}>There is no GPU to train on: load a network that was trained elsewhere.</p>}
      {(problem || error) && (
        <p className={classes.problem} role="alert">
          {wrong && `${wrong.label}: `}
          {problem ?? [error?.message, error?.kept, error?.todo].filter(Boolean).join(' ')}
        </p>
      )}
      {starting && (
        <p className={classes.note} role="status">
          {preparing}
          {report && '; below is the training before'}
        </p>
      )}
      {report && (
        <>
          <Progress mt="sm" value={(100 * report.step) / report.steps} aria-label="Progress of the training" />
          <p className={classes.facts} data-testid="train-facts">
            {facts(report)}
            {report.skipped > 0
              ? ` · ${grouped(report.skipped)} steps left out, loss scale ${plain(report.lossScale)}`
              : ''}
          </p>
          {children}
        </>
      )}
    </>
  );
}

/** True while something else has the device, and while there is none. */
export function useBlocked(): boolean {
  return useStore((store) => isActive(store) || isTuning(store) || store.device?.report == null);
}
