import { useCallback } from 'react';
import type { ParameterStatistics } from '../../../../results/posterior/statistics.ts';
import { drawAxes } from '../../../charts/axes.ts';
import { LinePlot } from '../../../charts/LinePlot.tsx';
import { plain } from '../../../format.ts';
import { Canvas } from '../../../shared/Canvas.tsx';
import { type Column, DataTable } from '../../../shared/DataTable.tsx';
import { CheckIcon, WarnIcon } from '../../../shared/icons.tsx';
import { useTokens } from '../../../shared/useTokens.ts';
import classes from './Statistics.module.css';

type Sbc = NonNullable<ParameterStatistics['sbc']>;

const HEIGHT = 250;
/** Below this the ranks are called uneven. */
const UNEVEN_P = 0.01;

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

const COLUMNS: readonly Column<Bin>[] = [
  { key: 'ranks', title: 'Ranks', cell: ({ from, to }) => `${from} to ${to}` },
  { key: 'count', title: 'Items', numeric: true, cell: ({ count }) => count },
];

/** Histogram of the truth's rank, and the difference of its distribution function from the uniform one. */
export function RankCharts({ name, sbc }: { readonly name: string; readonly sbc: Sbc }) {
  const { counts, expectedCount, maxRank, n, ks, ecdfDifference, band } = sbc;
  const tokens = useTokens();
  const spread = Math.sqrt(expectedCount * (1 - 1 / counts.length));
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      const most = Math.max(...counts, expectedCount + 2 * spread) * 1.08;
      const frame = drawAxes(context, width, height, tokens, {
        xRange: { min: 0, max: maxRank + 1 },
        yRange: { min: 0, max: most },
        xLabel: `rank of the true ${name} among ${maxRank} draws`,
        yLabel: 'items',
      });
      context.fillStyle = tokens.series[0];
      const step = (maxRank + 1) / counts.length;
      counts.forEach((count, i) => {
        const left = frame.x(i * step) + 1;
        context.fillRect(left, frame.y(count), frame.x((i + 1) * step) - left - 1, frame.bottom - frame.y(count));
      });
      context.strokeStyle = tokens.ink;
      for (const [level, dash] of [
        [expectedCount, []],
        [expectedCount - 2 * spread, [5, 4]],
        [expectedCount + 2 * spread, [5, 4]],
      ] as const) {
        context.setLineDash([...dash]);
        context.beginPath();
        context.moveTo(frame.left, frame.y(Math.max(0, level)));
        context.lineTo(frame.right, frame.y(Math.max(0, level)));
        context.stroke();
      }
      context.setLineDash([]);
    },
    [counts, expectedCount, spread, maxRank, name, tokens],
  );
  const uneven = ks.pValue < UNEVEN_P;
  const step = (maxRank + 1) / counts.length;
  const bins = Array.from(counts, (count, i): Bin => ({ from: i * step, to: (i + 1) * step - 1, count }));
  const ranks = Array.from(ecdfDifference, (_, rank) => rank);
  return (
    <>
      <p className={classes.verdict} data-bad={uneven || undefined}>
        {uneven ? <WarnIcon /> : <CheckIcon />}
        Ranks of {n} true {name} are {uneven ? 'uneven' : 'uniform'}: Kolmogorov–Smirnov p = {plain(ks.pValue, 2)}
      </p>
      <div className={classes.charts}>
        <figure className={classes.figure}>
          <figcaption>Histogram of ranks; expected level solid, ± 2 standard deviations dashed</figcaption>
          <Canvas
            height={HEIGHT}
            draw={draw}
            label={`Histogram of ${n} ranks of ${name} in ${counts.length} bins; expected ${plain(expectedCount, 3)} each`}
          />
        </figure>
        <figure className={classes.figure}>
          <figcaption>
            Distribution of ranks minus uniform; 95 % of uniform runs stay inside the dashed lines
          </figcaption>
          <LinePlot
            label={`Largest difference ${plain(Math.max(...ecdfDifference.map(Math.abs)), 2)}, band ±${plain(band, 2)}`}
            x={ranks}
            xLabel="rank"
            yLabel="difference"
            height={HEIGHT - 24}
            axisWidth={62}
            series={[
              { label: 'ranks', color: 0, values: [...ecdfDifference] },
              { label: 'band, upper', color: 1, values: ranks.map(() => band), dash: [5, 4] },
              { label: 'band, lower', color: 1, values: ranks.map(() => -band), dash: [5, 4] },
            ]}
          />
        </figure>
      </div>
      <details className={classes.details}>
        <summary>Ranks as a table</summary>
        <DataTable caption={`Ranks of ${name}`} columns={COLUMNS} rows={bins} rowKey={({ from }) => from} />
      </details>
    </>
  );
}
