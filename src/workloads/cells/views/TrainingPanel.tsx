import { Button, NativeSelect, Progress, TextInput } from '@mantine/core';
import { useId, useState } from 'react';
import { PRECISIONS, type Precision } from '../../../gpu/precision.ts';
import { clock, compact, fixed, grouped, plain } from '../../../ui/format.ts';
import { FieldLabel } from '../../../ui/shared/FieldLabel.tsx';
import { PauseIcon, PlayIcon, StopIcon } from '../../../ui/shared/icons.tsx';
import { FoldingPanel } from '../../../ui/shared/Panel.tsx';
import { precisionOptions } from '../../../ui/shared/precisionOptions.ts';
import { isActive, isTuning, useStore } from '../../../ui/state/store.ts';
import { DEFAULT_RECIPE } from '../training/recipe.ts';
import classes from './Cells.module.css';
import { LearningCurve } from './LearningCurve.tsx';
import {
  isTraining,
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

type Key = 'steps' | 'layers' | 'width' | 'heads' | 'batch' | 'rate' | 'seed';

const FIELDS: readonly { readonly key: Key; readonly label: string; readonly help: string }[] = [
  {
    key: 'steps',
    label: 'Training steps',
    help: 'At most so many updates of the weights: it ends earlier when cells that it does not see are not better known any more.',
  },
  { key: 'layers', label: 'Blocks', help: 'Of attention and a small network each.' },
  { key: 'width', label: 'Width', help: 'Numbers a gene: a multiple of 8 and of the heads.' },
  { key: 'heads', label: 'Heads', help: 'Of attention: so many ways in which a gene looks at the others.' },
  { key: 'batch', label: 'Cells a step', help: 'A statistical batch: it changes what is learnt, not only how fast.' },
  {
    key: 'rate',
    label: 'Learning rate',
    help: 'The largest; it rises at the beginning and falls along a cosine.',
  },
  { key: 'seed', label: 'Training seed', help: 'Equal seeds and settings give equal networks on one adapter.' },
];

const DEFAULTS: Readonly<Record<Key, number>> = {
  ...DEFAULT_RECIPE,
  steps: DEFAULT_RECIPE.optimiser.steps,
  rate: DEFAULT_RECIPE.optimiser.rate,
};

/** Trains a score network on the data of the form, and shows how well it knows cells that it has not seen. */
export default function TrainingPanel() {
  const config = useStore((store) => store.config);
  const network = useStore((store) => store.files.network);
  const data = useStore((store) => store.files.data);
  const blocked = useStore((store) => isActive(store) || isTuning(store) || store.device?.report == null);
  const noGpu = useStore((store) => store.device !== undefined && store.device.report === null);
  const adapter = useStore((store) => store.device?.report);
  const training = useTraining();
  const going = isTraining(training);
  const { report, reply, problem, error, starting, early } = training;
  const [typed, setTyped] = useState<Partial<Record<Key, string>>>({});
  const [precision, setPrecision] = useState<Precision>('f32');
  const paused = report?.state === 'paused';
  const id = useId();
  const start = () => {
    const given = Object.entries(typed).filter(([, text]) => text.trim() !== '');
    const numbers = Object.fromEntries(given.map(([key, text]) => [key, Number(text)]));
    const unread = FIELDS.find(({ key }) => Number.isNaN(numbers[key]));
    if (unread) refuse(`${unread.label}: "${typed[unread.key]}" is no number.`);
    else void train({ config, ...numbers, precision });
  };
  return (
    <FoldingPanel
      id="live.training"
      title="Train a network"
      about="A network learns from real cells with some of their genes masked. A fifth of the cells is held out and never seen: how many nats a gene it takes to tell them is what counts, and the mixture of independent genes is the bar to pass. The network in use does not change until you say so."
      brief={
        <span className={classes.soft}>
          on {data ? data.name : 'the cells that ship'} · in use: {network ? network.name : 'the network that ships'}
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
              placeholder={String(DEFAULTS[key])}
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
            data={precisionOptions(PRECISIONS, adapter ?? NO_ADAPTER)}
            onChange={(event) => setPrecision(event.currentTarget.value as Precision)}
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
      </div>
      {noGpu && <p className={classes.note}>There is no GPU to train on: load a network that was trained elsewhere.</p>}
      {(problem || error) && (
        <p className={classes.problem} role="alert">
          {problem ?? [error?.message, error?.kept, error?.todo].filter(Boolean).join(' ')}
        </p>
      )}
      {starting && (
        <p className={classes.note} role="status">
          Reading cells and compiling{report && '; below is the training before'}
        </p>
      )}
      {report && (
        <>
          <Progress mt="sm" value={(100 * report.step) / report.steps} aria-label="Progress of the training" />
          <p className={classes.facts} data-testid="train-facts">
            {STATES[report.state]}
            {early && ', since the cells that judge were not better known any more'} · step {grouped(report.step)} of{' '}
            {grouped(report.steps)} · {compact(report.stepsPerSecond)} steps/s · {clock(report.elapsedMs / 1000)} so far
            · {clock(going && report.etaMs !== null ? report.etaMs / 1000 : undefined)} left at most · loss{' '}
            {fixed(report.loss, 3)}
            {reply
              ? ` · ${grouped(reply.parameters)} parameters, ${reply.recipe.precision}, ${grouped(reply.spec.genes)} genes of ${grouped(reply.cells.training)} cells; ${grouped(reply.cells.validation)} judge, ${grouped(reply.cells.heldOut)} are held out`
              : ''}
            {report.skipped > 0
              ? ` · ${grouped(report.skipped)} steps left out, loss scale ${plain(report.lossScale)}`
              : ''}
          </p>
          <LearningCurve going={going} />
        </>
      )}
    </FoldingPanel>
  );
}
