import { Button } from '@mantine/core';
import { clock, compact, fixed, grouped } from '../../../ui/format.ts';
import notes from '../../../ui/shared/note.module.css';
import { FoldingPanel } from '../../../ui/shared/Panel.tsx';
import { useStore } from '../../../ui/state/store.ts';
import { isTraining } from '../../../ui/training/controls.ts';
import { type TrainingField, TrainingForm } from '../../../ui/training/TrainingForm.tsx';
import { DEFAULT_RECIPE } from '../training/recipe.ts';
import { StoryCurve } from './StoryCurve.tsx';
import { analysePath, controls, train, useTraining } from './training.ts';

type Key = 'steps' | 'layers' | 'width' | 'heads' | 'batch' | 'rate' | 'seed' | 'checkpoints';

const FIELDS: readonly TrainingField<Key>[] = [
  { key: 'steps', label: 'Training steps', help: 'Updates of the weights.' },
  { key: 'layers', label: 'Blocks', help: 'Of attention and a small network each.' },
  { key: 'width', label: 'Width', help: 'Numbers of the stream: a multiple of the heads.' },
  { key: 'heads', label: 'Heads', help: 'Of attention: so many ways in which a token looks back at those before it.' },
  { key: 'batch', label: 'Stories a step', help: 'A statistical batch: it changes what is learnt, not only how fast.' },
  { key: 'rate', label: 'Learning rate', help: 'The largest; it rises at the beginning and falls along a cosine.' },
  { key: 'seed', label: 'Training seed', help: 'Equal seeds and settings give equal models on one adapter.' },
  {
    key: 'checkpoints',
    label: 'Checkpoints kept',
    help: 'The first weights, the last, and others evenly between: a path that analysis can follow. They are saved beside the model.',
  },
];

const DEFAULTS: Readonly<Record<Key, number>> = {
  ...DEFAULT_RECIPE,
  steps: DEFAULT_RECIPE.optimiser.steps,
  rate: DEFAULT_RECIPE.optimiser.rate,
  checkpoints: 0,
};

/** Trains a model that writes stories, in the page, and shows what it writes as it learns. */
export default function TrainingPanel() {
  const config = useStore((store) => store.config);
  const model = useStore((store) => store.files.model);
  const training = useTraining();
  const going = isTraining(training);
  const { reply } = training;
  const path = reply && reply.checkpoints > 1;
  return (
    <FoldingPanel
      id="live.training"
      title="Train the story model"
      about="The model that ships was trained like this: from nothing, on stories that a small grammar makes up. What counts is how many nats a word it takes to tell stories that it has never seen. The model in use does not change until you say so."
      brief={<span className={notes.soft}>in use: {model ? model.name : 'the model that ships'}</span>}
    >
      <TrainingForm
        fields={FIELDS}
        defaults={DEFAULTS}
        precisions={['f32']}
        training={training}
        controls={controls}
        onStart={(numbers) => void train({ config, ...numbers })}
        onUnread={({ label }, text) => controls.refuse(`${label}: "${text}" is no number.`)}
        more={
          path && (
            <Button
              size="xs"
              variant="default"
              disabled={going}
              onClick={() => void analysePath()}
              data-testid="train-path"
            >
              Analyse this path
            </Button>
          )
        }
        preparing="Writing stories and compiling"
        facts={(report) => (
          <>
            {report.state} · step {grouped(report.step)} of {grouped(report.steps)} · {compact(report.stepsPerSecond)}{' '}
            steps/s · {clock(report.elapsedMs / 1000)} so far ·{' '}
            {clock(going && report.etaMs !== null ? report.etaMs / 1000 : undefined)} left · loss{' '}
            {fixed(report.loss, 3)}
            {reply
              ? ` · ${grouped(reply.parameters)} parameters, ${grouped(reply.stories.training)} stories to learn from; ${grouped(reply.stories.validation)} judge, ${grouped(reply.stories.heldOut)} are held out`
              : ''}
          </>
        )}
      >
        <StoryCurve going={going} />
      </TrainingForm>
    </FoldingPanel>
  );
}
