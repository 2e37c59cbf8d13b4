import { Button, NativeSelect, Progress, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { NET_PRECISIONS, type NetPrecision } from '../../../nn/mlp-kernel.ts';
import { clock, compact, fixed, grouped, plain } from '../../../ui/format.ts';
import { FieldLabel } from '../../../ui/shared/FieldLabel.tsx';
import { PauseIcon, PlayIcon, StopIcon } from '../../../ui/shared/icons.tsx';
import { FoldingPanel } from '../../../ui/shared/Panel.tsx';
import { precisionOptions } from '../../../ui/shared/precisionOptions.ts';
import { isActive, isTuning, useStore } from '../../../ui/state/store.ts';
import { taskTitle } from '../params.ts';
import { defaultSteps } from '../sampling/solvers.ts';
import { simulationsWords } from '../training/provenance.ts';
import { recipeFor } from '../training/recipe.ts';
import classes from './Flow.module.css';
import { TrainingViews } from './TrainingViews.tsx';
import {
  isTraining,
  loadNetwork,
  pauseTraining,
  refuse,
  saveTrained,
  stopTraining,
  takeTrained,
  train,
  useTraining,
} from './training.ts';

/** Nothing can be trained without one. */
const NO_ADAPTER = { features: [] };
const STATES = { training: 'training', paused: 'paused', done: 'done', stopped: 'stopped' } as const;

interface NumberField {
  readonly key: 'width' | 'depth' | 'steps' | 'batch' | 'simulations' | 'rate' | 'seed';
  /** What the engine calls it, where that differs. */
  readonly field?: string;
  readonly label: string;
  readonly help: string;
}

const FIELDS: readonly NumberField[] = [
  {
    key: 'steps',
    label: 'Training steps',
    help: 'Updates of the weights. More take longer and end nearer to the posterior.',
  },
  { key: 'width', label: 'Width', help: 'Units of each hidden layer: a multiple of eight.' },
  { key: 'depth', label: 'Depth', help: 'Residual layers of the network.' },
  {
    key: 'batch',
    label: 'Simulations a step',
    help: 'A statistical batch: it changes what is learnt, not only how fast.',
  },
  { key: 'simulations', label: 'Simulations', help: 'Different simulations that batches are drawn from.' },
  {
    key: 'rate',
    field: 'learning-rate',
    label: 'Learning rate',
    help: 'The largest; it rises at the beginning and falls along a cosine.',
  },
  { key: 'seed', label: 'Training seed', help: 'Equal seeds and settings give equal networks on one adapter.' },
];

/** Trains a network for the task on screen from simulations, and shows how far it is. */
export default function TrainingPanel() {
  const task = useStore((store) => String(store.config.params.task));
  const network = useStore((store) => store.files.network);
  const blocked = useStore((store) => isActive(store) || isTuning(store) || store.device?.report == null);
  const noGpu = useStore((store) => store.device !== undefined && store.device.report === null);
  const adapter = useStore((store) => store.device?.report);
  const training = useTraining();
  const going = isTraining(training);
  const { report, reply, problem, error, starting } = training;
  const wrong = FIELDS.find(({ key, field = key }) => field === (problem ? training.field : error?.field));
  const [typed, setTyped] = useState<Partial<Record<NumberField['key'], string>>>({});
  const [precision, setPrecision] = useState<NetPrecision>('f32');
  const recipe = recipeFor(task);
  const defaults = { ...recipe, steps: recipe.optimiser.steps, rate: recipe.optimiser.rate };
  const start = () => {
    const given = Object.entries(typed).filter(([, text]) => text.trim() !== '');
    const numbers = Object.fromEntries(given.map(([key, text]) => [key, Number(text)]));
    const unread = FIELDS.find(({ key }) => Number.isNaN(numbers[key]));
    if (unread) refuse(`"${typed[unread.key]}" is no number.`, unread.field ?? unread.key);
    else void train({ task, ...numbers, precision });
  };
  const paused = report?.state === 'paused';
  const id = useId();
  return (
    <FoldingPanel
      id="live.training"
      title="Train a network"
      about="A network learns from simulations of the task alone; it never sees an observation that is sampled later. Samples of the network so far and a quick C2ST against the exact posterior show how good it is. The network in use does not change until you say so."
      brief={
        <span className={classes.soft}>
          for {taskTitle(task)} · in use: {network ? network.name : 'the network that ships'}
        </span>
      }
    >
      <div className={classes.fields}>
        {FIELDS.map(({ key, label, help }) => (
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
            data={precisionOptions(NET_PRECISIONS, adapter ?? NO_ADAPTER)}
            onChange={(event) => setPrecision(event.currentTarget.value as NetPrecision)}
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
              onClick={() => pauseTraining(!paused)}
              data-testid="train-pause"
            >
              {paused ? 'Go on' : 'Pause training'}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<StopIcon />}
              disabled={!report || starting}
              onClick={stopTraining}
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
          onClick={() => void takeTrained()}
          data-testid="train-use"
        >
          Use it for sampling
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={!report || starting}
          onClick={() => void saveTrained()}
          data-testid="train-save"
        >
          Save .safetensors
        </Button>
        <Button size="xs" variant="default" component="label" disabled={going || blocked}>
          Load .safetensors
          <input
            type="file"
            hidden
            accept=".safetensors"
            aria-label="A network from a file"
            disabled={going || blocked}
            onChange={(event) => {
              const [file] = event.currentTarget.files ?? [];
              event.currentTarget.value = '';
              if (file) void loadNetwork(file);
            }}
          />
        </Button>
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
          Simulating and compiling{report && '; below is the training before'}
        </p>
      )}
      {report && (
        <>
          <Progress mt="sm" value={(100 * report.step) / report.steps} aria-label="Progress of the training" />
          <p className={classes.facts} data-testid="train-facts">
            {reply && `${taskTitle(reply.recipe.task)} · `}
            {STATES[report.state]} · step {grouped(report.step)} of {grouped(report.steps)} ·{' '}
            {compact(report.stepsPerSecond)} steps/s · {clock(report.elapsedMs / 1000)} so far ·{' '}
            {clock(going && report.etaMs !== null ? report.etaMs / 1000 : undefined)} left · loss{' '}
            {fixed(report.loss, 3)}
            {reply ? ` · saw ${simulationsWords({ ...reply.recipe, steps: report.step })}` : ''}
            {reply ? ` · ${grouped(reply.parameters)} parameters, ${reply.recipe.precision}` : ''}
            {report.skipped > 0
              ? ` · ${grouped(report.skipped)} steps left out, loss scale ${plain(report.lossScale)}`
              : ''}
          </p>
          <TrainingViews samplingSteps={defaultSteps('midpoint')} over={!going} />
        </>
      )}
    </FoldingPanel>
  );
}
