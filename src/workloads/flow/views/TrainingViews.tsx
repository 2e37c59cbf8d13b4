import { useCallback } from 'react';
import { LinePlot } from '../../../ui/charts/LinePlot.tsx';
import { grouped, plain } from '../../../ui/format.ts';
import statistics from '../../../ui/results/posterior/statistics/Statistics.module.css';
import { Canvas } from '../../../ui/shared/Canvas.tsx';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import { useTokens } from '../../../ui/shared/useTokens.ts';
import type { TrainingScore } from '../jobs/training-types.ts';
import { drawScene } from './draw-particles.ts';
import classes from './Flow.module.css';
import { SceneLegend } from './SceneLegend.tsx';
import { useFlow } from './store.ts';
import { useTraining } from './training.ts';

const HEIGHT = 230;

const COLUMNS: readonly Column<TrainingScore>[] = [
  { key: 'step', title: 'Step', numeric: true, cell: ({ step }) => grouped(step) },
  { key: 'c2st', title: 'C2ST', numeric: true, cell: ({ c2st }) => c2st.toFixed(3) },
  { key: 'control', title: 'Self-control', numeric: true, cell: ({ selfControl }) => selfControl.toFixed(3) },
];

interface ViewsProps {
  readonly samplingSteps: number;
  /** Nothing more will come. */
  readonly over: boolean;
}

/** The loss so far, samples of the network so far, and how well they are told from exact draws. */
export function TrainingViews({ samplingSteps, over }: ViewsProps) {
  const report = useTraining((training) => training.report);
  const scores = useTraining((training) => training.scores);
  const curve = report?.curve ?? [];
  const score = scores.at(-1);
  return (
    <>
      <div className={statistics.charts}>
        <figure className={statistics.figure}>
          <figcaption>
            Loss, which ends at a variance that no network can foresee, not at zero: it says that training goes on, not
            how good the network is.
          </figcaption>
          {curve.length > 1 && (
            <LinePlot
              label={`Loss over ${grouped(curve.at(-1)!.step)} steps, now ${plain(report?.loss, 3)}`}
              height={HEIGHT}
              x={curve.map(({ step }) => step)}
              xLabel="training step"
              yLabel="loss"
              series={[{ label: 'loss', color: 0, values: curve.map(({ loss }) => loss) }]}
            />
          )}
        </figure>
        <Samples samplingSteps={samplingSteps} over={over} />
      </div>
      <p className={classes.note} data-testid="train-score">
        {score
          ? `At step ${grouped(score.step)} a classifier is right on ${(100 * score.c2st).toFixed(1)} % of ${grouped(score.samples)} samples and as many exact draws (C2ST ${score.c2st.toFixed(3)}; 0.5 is perfect, exact against exact ${score.selfControl.toFixed(3)}).`
          : over
            ? 'The training ended before a quick C2ST against exact draws. Use the network and measure what it costs above, or the quality of a run in its results.'
            : 'A quick C2ST against exact draws follows now and then.'}
      </p>
      {scores.length > 0 && (
        <details className={classes.details}>
          <summary>Quick C2ST as a table</summary>
          <DataTable caption="Quick C2ST while training" columns={COLUMNS} rows={scores} rowKey={({ step }) => step} />
        </details>
      )}
    </>
  );
}

/** Samples of the network so far, in the plane of the first two parameters. */
function Samples({ samplingSteps, over }: ViewsProps) {
  const look = useTraining((training) => training.look);
  const exact = useFlow((flow) => flow.exact);
  const tokens = useTokens();
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      if (!look || !exact || exact.parameters.length !== look.dimension) return;
      // Exact draws lie beneath only where they are of the observation that is looked at.
      const same = exact.runId.endsWith(look.observation);
      drawScene(
        context,
        width,
        height,
        {
          axes: [0, 1],
          names: exact.parameters,
          prior: exact.prior,
          dimension: look.dimension,
          exact: same ? exact.draws : undefined,
          truth: [],
          particles: look.samples,
          trails: [],
          zoom: 'prior',
        },
        tokens,
      );
    },
    [look, exact, tokens],
  );
  return (
    <figure className={statistics.figure}>
      <figcaption>
        {look
          ? `Samples at step ${grouped(look.step)}, observation ${look.observation}, midpoint × ${samplingSteps}`
          : over
            ? 'The training ended before samples of the network were drawn. Use it for sampling to see them above.'
            : 'Samples of the network so far appear here after some seconds.'}
      </figcaption>
      {look && (
        <SceneLegend
          sample="sample"
          exact={exact?.draws !== undefined && exact.runId.endsWith(look.observation)}
          prior={exact?.prior.kind}
          truth={false}
        />
      )}
      <Canvas
        height={HEIGHT + 20}
        draw={draw}
        label={look ? `${look.samples.length / look.dimension} samples at step ${look.step}` : 'No samples yet'}
      />
    </figure>
  );
}
