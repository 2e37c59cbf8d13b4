import { Button } from '@mantine/core';
import { NET_PRECISIONS } from '../../../nn/mlp-kernel.ts';
import { clock, compact, fixed, grouped } from '../../../ui/format.ts';
import { FoldingPanel } from '../../../ui/shared/Panel.tsx';
import { useStore } from '../../../ui/state/store.ts';
import { isTraining } from '../../../ui/training/controls.ts';
import { type TrainingField, TrainingForm, useBlocked } from '../../../ui/training/TrainingForm.tsx';
import { taskTitle } from '../params.ts';
import { defaultSteps } from '../sampling/solvers.ts';
import { simulationsWords } from '../training/provenance.ts';
import { recipeFor } from '../training/recipe.ts';
import classes from './Flow.module.css';
import { TrainingViews } from './TrainingViews.tsx';
import { controls, loadNetwork, useTraining } from './training.ts';

type Key = 'width' | 'depth' | 'steps' | 'batch' | 'simulations' | 'rate' | 'seed';

/** What the engine calls a field. */
const flagOf = (key: Key) => (key === 'rate' ? 'learning-rate' : key);

const FIELDS: readonly TrainingField<Key>[] = [
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
    label: 'Learning rate',
    help: 'The largest; it rises at the beginning and falls along a cosine.',
  },
  { key: 'seed', label: 'Training seed', help: 'Equal seeds and settings give equal networks on one adapter.' },
];

/** Trains a network for the task on screen from simulations, and shows how far it is. */
export default function TrainingPanel() {
  const task = useStore((store) => String(store.config.params.task));
  const network = useStore((store) => store.files.network);
  const blocked = useBlocked();
  const training = useTraining();
  const going = isTraining(training);
  const { reply, problem, error } = training;
  const wrong = FIELDS.find(({ key }) => flagOf(key) === (problem ? training.field : error?.field));
  const recipe = recipeFor(task);
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
      <TrainingForm
        fields={FIELDS}
        defaults={{ ...recipe, steps: recipe.optimiser.steps, rate: recipe.optimiser.rate }}
        precisions={NET_PRECISIONS}
        training={training}
        controls={controls}
        onStart={(numbers, precision) => void controls.train({ task, ...numbers, precision })}
        onUnread={({ key }, text) => controls.refuse(`"${text}" is no number.`, flagOf(key))}
        wrong={wrong}
        preparing="Simulating and compiling"
        more={
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
        }
        facts={(report) => (
          <>
            {reply && `${taskTitle(reply.recipe.task)} · `}
            {report.state} · step {grouped(report.step)} of {grouped(report.steps)} · {compact(report.stepsPerSecond)}{' '}
            steps/s · {clock(report.elapsedMs / 1000)} so far ·{' '}
            {clock(going && report.etaMs !== null ? report.etaMs / 1000 : undefined)} left · loss{' '}
            {fixed(report.loss, 3)}
            {reply ? ` · saw ${simulationsWords({ ...reply.recipe, steps: report.step })}` : ''}
            {reply ? ` · ${grouped(reply.parameters)} parameters, ${reply.recipe.precision}` : ''}
          </>
        )}
      >
        <TrainingViews samplingSteps={defaultSteps('midpoint')} over={!going} />
      </TrainingForm>
    </FoldingPanel>
  );
}
