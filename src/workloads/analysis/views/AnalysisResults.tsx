import { Button } from '@mantine/core';
import { choose } from '../../../ui/state/folds.ts';
import classes from './Analysis.module.css';

import { cardId, MetricCard } from './MetricCard.tsx';
import { ReadOff } from './ReadOff.tsx';
import { useFinishedMetrics } from './useFinished.ts';

/** One text read off, then every finished metric on a card of its own, in the order of the families. */
export default function AnalysisResults() {
  const metrics = useFinishedMetrics();
  const fold = (open: boolean) => {
    for (const { id } of metrics) choose(cardId(id), open);
  };
  if (metrics.length === 0) return null;
  return (
    <>
      <ReadOff metrics={metrics} />
      <div className={classes.folds}>
        <span>
          {metrics.length} {metrics.length === 1 ? 'metric' : 'metrics'}
        </span>
        <Button size="compact-xs" variant="default" onClick={() => fold(true)}>
          Open all
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => fold(false)}>
          Fold all
        </Button>
      </div>
      {metrics.map((metric) => (
        <MetricCard key={metric.id} metric={metric} />
      ))}
    </>
  );
}
