import { Button, Progress } from '@mantine/core';
import { grouped } from '../../../ui/format.ts';
import { Empty, Panel } from '../../../ui/shared/Panel.tsx';
import { shownConfig } from '../../../ui/state/shown.ts';
import { isActive, useStore } from '../../../ui/state/store.ts';
import classes from './Cells.module.css';
import { MetricsTable, PerturbationsTable } from './MetricsTable.tsx';
import { measure, stopMeasuring, useMeasures } from './measures.ts';
import type { FinishedCells } from './store.ts';

/** Every metric of the finished cells beside its floor and baselines, and each perturbation on its own. */
export function MetricsPanel({ finished }: { readonly finished: FinishedCells }) {
  const config = useStore(shownConfig);
  const active = useStore(isActive);
  const { going, metrics, run, cells, problem } = useMeasures();
  const own = metrics && run === finished.run ? metrics : undefined;
  return (
    <Panel
      title="Metrics"
      about="Drawn cells are held against cells that were held out of training. Every number stands beside its floor, which is real cells in the place of drawn ones, and beside baselines that need no network. What a metric is and in which space it is measured, the mark beside its name says: numbers of one name differ between papers."
      aside={
        going ? (
          <Button size="xs" variant="default" onClick={stopMeasuring} data-testid="cells-measure-stop">
            Stop measuring
          </Button>
        ) : (
          <Button
            size="xs"
            variant="light"
            disabled={active || finished.items.length < 2}
            onClick={() => void measure(config, finished)}
            data-testid="cells-measure"
          >
            {own ? 'Measure again' : 'Measure'}
          </Button>
        )
      }
    >
      {going && (
        <div role="status" className={classes.note}>
          <Progress
            value={going === 'starting' ? 0 : (100 * going.done) / going.of}
            aria-label="Progress of the metrics"
          />
          <p>{going === 'starting' ? 'Putting cells beside each other.' : `Measuring: ${going.metric}.`}</p>
        </div>
      )}
      {problem && (
        <p className={classes.problem} role="alert">
          Not measured: {problem}
        </p>
      )}
      {own ? (
        <>
          <MetricsTable metrics={own} />
          {cells < finished.items.length && (
            <p className={classes.note}>Of the first {grouped(cells)} cells; more have finished since.</p>
          )}
          {own.perturbations.length > 0 && (
            <>
              <h3 className={classes.heading}>Each perturbation</h3>
              <PerturbationsTable metrics={own} />
            </>
          )}
        </>
      ) : (
        !going && (
          <Empty>
            Correlation, Fréchet distance, sliced W2, three kinds of MMD², transport, zeros, library sizes, and for
            perturbations their effects appear here, each beside its floor and baselines. It takes some seconds.
          </Empty>
        )
      )}
    </Panel>
  );
}
