import { SCORE_PRECISIONS } from '../../../nn/score-network/tensors.ts';
import { clock, compact, fixed, grouped } from '../../../ui/format.ts';
import { FoldingPanel } from '../../../ui/shared/Panel.tsx';
import { useStore } from '../../../ui/state/store.ts';
import { isTraining } from '../../../ui/training/controls.ts';
import { type TrainingField, TrainingForm } from '../../../ui/training/TrainingForm.tsx';
import { DEFAULT_RECIPE } from '../training/recipe.ts';
import classes from './Cells.module.css';
import { LearningCurve } from './LearningCurve.tsx';
import { controls, train, useTraining } from './training.ts';

type Key = 'steps' | 'layers' | 'width' | 'heads' | 'batch' | 'rate' | 'seed';

const FIELDS: readonly TrainingField<Key>[] = [
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
  const training = useTraining();
  const going = isTraining(training);
  const { reply, early } = training;
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
      <TrainingForm
        fields={FIELDS}
        defaults={DEFAULTS}
        precisions={SCORE_PRECISIONS}
        training={training}
        controls={controls}
        onStart={(numbers, precision) => void train({ config, ...numbers, precision })}
        onUnread={({ label }, text) => controls.refuse(`${label}: "${text}" is no number.`)}
        preparing="Reading cells and compiling"
        facts={(report) => (
          <>
            {report.state}
            {early && ', since the cells that judge were not better known any more'} · step {grouped(report.step)} of{' '}
            {grouped(report.steps)} · {compact(report.stepsPerSecond)} steps/s · {clock(report.elapsedMs / 1000)} so far
            · {clock(going && report.etaMs !== null ? report.etaMs / 1000 : undefined)} left at most · loss{' '}
            {fixed(report.loss, 3)}
            {reply
              ? ` · ${grouped(reply.parameters)} parameters, ${reply.recipe.precision}, ${grouped(reply.spec.genes)} genes of ${grouped(reply.cells.training)} cells; ${grouped(reply.cells.validation)} judge, ${grouped(reply.cells.heldOut)} are held out`
              : ''}
          </>
        )}
      >
        <LearningCurve going={going} />
      </TrainingForm>
    </FoldingPanel>
  );
}
