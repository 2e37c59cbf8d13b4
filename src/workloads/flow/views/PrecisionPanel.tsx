import { Button, NativeSelect, Progress } from '@mantine/core';
import { useState } from 'react';
import { clock, grouped } from '../../../ui/format.ts';
import { Empty, FoldingPanel } from '../../../ui/shared/Panel.tsx';
import { isActive, isTuning, useStore } from '../../../ui/state/store.ts';
import { isTraining } from '../../../ui/training/controls.ts';
import classes from './Flow.module.css';
import { PrecisionResult } from './PrecisionResult.tsx';
import { compare, comparisonKey, stopComparing, usePrecisions } from './precisions.ts';
import { useFlow } from './store.ts';
import { useTraining } from './training.ts';

/** Samples on either side of a C2ST. */
const POINTS = [
  { value: 1000, label: '1,000 samples, a quick look' },
  { value: 3000, label: '3,000 samples' },
  { value: 10_000, label: '10,000 samples, as sbibm' },
] as const;
const MODERATE = 1;

/** The observation that is looked at, in f32 and in halves: speed, bytes and differences beside each other. */
export default function PrecisionPanel() {
  const config = useStore((store) => store.config);
  const files = useStore((store) => store.files);
  const blocked = useStore(
    (store) => isActive(store) || isTuning(store) || !store.device || Object.keys(store.fieldErrors).length > 0,
  );
  const noGpu = useStore((store) => store.device !== undefined && store.device.report === null);
  const training = useTraining(isTraining);
  const measuring = useFlow((flow) => flow.measuring !== undefined);
  const item = useFlow((flow) => flow.item);
  const opened = useStore((store) => store.opened?.quality?.precisions);
  const { going, result, key, problem } = usePrecisions();
  const [choice, setChoice] = useState<number>(MODERATE);
  const shown = result ?? opened;
  const changed = result !== undefined && key !== comparisonKey(config, files, item);
  return (
    <FoldingPanel
      id="live.precisions"
      // What a bundle brought is there to be read.
      open={shown !== undefined}
      title="What half precision costs"
      about="The observation above is sampled in f32 and in both kinds of halves, three times each in turns, with the solver and steps of the form and from the same noise. Half precision is said to be twice as fast in half of the memory and just as accurate: here each of the three is measured. Limits: a largest difference of 0.005 of the velocity, and a C2ST of 0.51."
      aside={
        going ? (
          <Button
            size="xs"
            variant="default"
            disabled={going.stopping}
            onClick={stopComparing}
            data-testid="precisions-stop"
          >
            {going.stopping ? 'Stopping' : 'Stop comparing'}
          </Button>
        ) : (
          <>
            <NativeSelect
              aria-label="Samples on either side of the comparison"
              size="xs"
              value={String(POINTS[choice].value)}
              data={POINTS.map(({ value, label }) => ({ value: String(value), label }))}
              onChange={(event) => setChoice(event.currentTarget.selectedIndex)}
              data-testid="precisions-points"
            />
            <Button
              size="xs"
              variant="light"
              disabled={blocked || noGpu || training || measuring}
              onClick={() => void compare(config, POINTS[choice].value)}
              data-testid="precisions-compare"
            >
              Compare precisions
            </Button>
          </>
        )
      }
    >
      {going && (
        <div className={classes.progress} role="status" data-testid="precisions-progress">
          <Progress value={100 * going.progress.fraction} aria-label="Progress of the comparison" />
          <p className={classes.note}>
            {going.progress.what}, {Math.round(100 * going.progress.fraction)} %
          </p>
        </div>
      )}
      {problem && (
        <p className={classes.problem} role="alert">
          Not compared: {problem}
        </p>
      )}
      {/* Until there is a result the words stay, so that nothing jumps. */}
      {shown ? (
        <PrecisionResult comparison={shown} />
      ) : (
        <Empty>
          {noGpu
            ? 'There is no GPU here, and the CPU computes in f64: precisions can be compared where there is WebGPU.'
            : 'Samples a second, bytes of weights and activations, and how far samples in halves lie from those in f32 appear here. On a processor that stands in for a GPU that takes from some ten seconds to some minutes, by the number of samples and the size of the network.'}
        </Empty>
      )}
      {shown && (
        <p className={classes.note}>
          {result ? '' : 'From the bundle: '}
          {shown.items.join(', ')}, {grouped(shown.samples)} samples a run, {shown.repeats} runs each,{' '}
          {clock(shown.seconds)} in all, on {shown.adapter}
          {shown.file ? `, with ${shown.file.name}` : ''}.
          {changed ? ' The form has changed since: compare again for what it shows now.' : ''}
        </p>
      )}
    </FoldingPanel>
  );
}
