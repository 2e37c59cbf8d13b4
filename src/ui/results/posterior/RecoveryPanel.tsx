import { NativeSelect, SegmentedControl } from '@mantine/core';
import '@mantine/core/styles/FloatingIndicator.css';
import '@mantine/core/styles/SegmentedControl.css';
import { useMemo, useState } from 'react';
import { type ItemSummary, unfit } from '../../../results/posterior/item-summary.ts';
import { Empty, Panel } from '../../shared/Panel.tsx';
import text from '../../shared/text.module.css';
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
  const points = useMemo(
    () =>
      summaries.flatMap((summary): RecoveryPoint[] => {
        const { info, parameters } = summary;
        const converged = summary.converged && !unfit(summary);
        const { mean, sd } = parameters.find(({ name }) => name === parameter)!;
        const truth = info.truth[parameter];
        return truth === undefined ? [] : [{ index: info.index, runId: info.runId, truth, mean, sd, converged }];
      }),
    [summaries, parameter],
  );
  return (
    <Panel
      className={classes.chartPanel}
      title="Truth against estimate"
      about="The posterior mean of every finished item with an error bar of one posterior standard deviation. About two thirds of the bars should reach the line of equality. Items of one truth stand side by side, over 1 % of the axis at most, so that their bars can be told apart."
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
      <ul className={text.legend}>
        <li>
          <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
            <path d="M7 0v14" stroke="var(--series-1)" strokeWidth="1.5" />
            <circle cx="7" cy="7" r="4" fill="var(--series-1)" />
          </svg>
          mean ± 1 sd
        </li>
        <li>
          <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
            <path d="M7 2 12 11H2z" fill="var(--series-2)" />
          </svg>
          {summaries[0]?.sampling === 'independent'
            ? 'not complete'
            : summaries.some(unfit)
              ? 'not converged, or misfit'
              : 'not converged'}
        </li>
        <li>
          <svg width="18" height="14" viewBox="0 0 18 14" aria-hidden="true" focusable="false">
            <path d="M0 7h18" stroke="var(--ink)" strokeDasharray="5 3" strokeWidth="1.5" />
          </svg>
          {view === 'estimate' ? 'estimate = truth' : 'no error'}
        </li>
      </ul>
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
