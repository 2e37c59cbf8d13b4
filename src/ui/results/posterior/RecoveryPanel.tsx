import { NativeSelect, SegmentedControl } from '@mantine/core';
import '@mantine/core/styles/FloatingIndicator.css';
import '@mantine/core/styles/SegmentedControl.css';
import { useMemo, useState } from 'react';
import { type ItemSummary, unfit } from '../../../results/posterior/item-summary.ts';
import { Legend } from '../../charts/Swatch.tsx';
import { Empty, Panel } from '../../shared/Panel.tsx';
import classes from '../ResultsTab.module.css';
import type { RecoveryPoint, RecoveryView } from './place.ts';
import { RecoveryChart } from './RecoveryChart.tsx';

interface RecoveryPanelProps {
  readonly summaries: readonly ItemSummary[];
  readonly names: readonly string[];
  readonly parameter: string;
  readonly onParameter: (name: string) => void;
}

/** Truth against estimate, or the error of every item, with error bars of one posterior standard deviation. */
export function RecoveryPanel({ summaries, names, parameter, onParameter }: RecoveryPanelProps) {
  const [view, setView] = useState<RecoveryView>('estimate');
  const independent = summaries[0]?.sampling === 'independent';
  const points = useMemo(
    () =>
      summaries.flatMap((summary): RecoveryPoint[] => {
        const { info, parameters } = summary;
        const converged = summary.converged && !unfit(summary);
        const { mean, sd, peaks } = parameters.find(({ name }) => name === parameter)!;
        const truth = info.truth[parameter];
        return truth === undefined
          ? []
          : [{ index: info.index, runId: info.runId, truth, mean, sd, converged, ...(peaks && { peaks }) }];
      }),
    [summaries, parameter],
  );
  return (
    <Panel
      className={`${classes.chartPanel} ${classes.mainPlot}`}
      title="Truth against estimate"
      about="The posterior mean of every finished item with an error bar of one posterior standard deviation. About two thirds of the bars should reach the line of equality. Draws with several peaks have no mean worth a mark: thick bars are the shortest intervals with 95 % of each peak. Items of one truth stand side by side, over 1 % of the axis at most, so that their bars can be told apart."
      aside={
        <>
          <NativeSelect
            size="xs"
            aria-label="Parameter"
            value={parameter}
            data={[...names]}
            onChange={(event) => onParameter(event.currentTarget.value)}
          />
          <SegmentedControl
            size="xs"
            aria-label="What the plot shows"
            value={view}
            onChange={(value) => setView(value as RecoveryView)}
            data={[
              { value: 'estimate', label: 'Estimate' },
              { value: 'error', label: 'Error' },
            ]}
          />
        </>
      }
    >
      <Legend
        entries={[
          points.some(({ peaks }) => !peaks) && {
            shape: 'mean',
            color: '--series-1',
            label: 'mean ± 1 sd',
          },
          points.some(({ peaks }) => peaks) && {
            shape: 'bar',
            color: '--series-1',
            label: '95 % of each of several peaks',
          },
          points.some(({ converged }) => !converged) && {
            shape: 'triangle',
            color: '--series-2',
            label: independent ? 'not complete' : summaries.some(unfit) ? 'not converged, or misfit' : 'not converged',
          },
          { shape: 'dashed', color: '--ink', label: view === 'estimate' ? 'estimate = truth' : 'no error' },
        ]}
      />
      <div className={classes.chart}>
        {points.length === 0 ? (
          <Empty>The truth of {parameter} is not known, so there is nothing to compare with.</Empty>
        ) : (
          <RecoveryChart points={points} parameter={parameter} view={view} />
        )}
      </div>
    </Panel>
  );
}
