import { useCallback, useMemo } from 'react';
import type { NamedSummary } from '../../engine/progress.ts';
import { histogram } from '../../stats/histogram.ts';
import { project, rangeOf, ticks, tickText } from '../charts/scale.ts';
import { plain, withError } from '../format.ts';
import { Canvas } from '../shared/Canvas.tsx';
import { useTokens } from '../shared/useTokens.ts';
import classes from './ResultsTab.module.css';

const BINS = 32;
const AXIS_PX = 18;

interface MarginalProps {
  readonly name: string;
  readonly unit: string | undefined;
  readonly draws: ArrayLike<number>;
  readonly summary: NamedSummary;
  readonly truth: number | undefined;
}

/** Histogram of one parameter's draws with mean and truth. */
export function Marginal({ name, unit, draws, summary, truth }: MarginalProps) {
  const tokens = useTokens();
  const bars = useMemo(() => histogram(draws, BINS), [draws]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      const { edges, counts } = bars;
      const range = rangeOf([edges[0], edges[BINS], truth ?? Number.NaN], 0.04);
      const x = project(range, 2, width - 2);
      const floor = height - AXIS_PX;
      const highest = Math.max(...counts, 1);
      context.fillStyle = tokens.series[0];
      for (let i = 0; i < BINS; i++) {
        const top = floor - ((floor - 4) * counts[i]) / highest;
        context.fillRect(x(edges[i]) + 0.5, top, Math.max(1, x(edges[i + 1]) - x(edges[i]) - 1), floor - top);
      }
      const upright = (value: number, dash: number[]) => {
        context.strokeStyle = tokens.truth;
        context.lineWidth = 2;
        context.setLineDash(dash);
        context.beginPath();
        context.moveTo(x(value), 0);
        context.lineTo(x(value), floor);
        context.stroke();
      };
      upright(summary.mean, [4, 3]);
      if (truth !== undefined) upright(truth, []);
      context.setLineDash([]);
      context.fillStyle = tokens.axis;
      context.font = '10px system-ui, sans-serif';
      context.textAlign = 'center';
      context.textBaseline = 'bottom';
      const marks = ticks(range, Math.max(2, width / 48));
      for (const mark of marks) {
        const text = tickText(mark, marks[1] - marks[0] || 1);
        const half = context.measureText(text).width / 2;
        if (x(mark) > half && x(mark) < width - half) context.fillText(text, x(mark), height);
      }
    },
    [bars, summary, truth, tokens],
  );
  return (
    <figure className={classes.marginal}>
      <figcaption>
        <strong>
          {name}
          {unit ? ` (${unit})` : ''}
        </strong>
        <span className={classes.soft}>{withError(summary.mean, summary.sd)}</span>
      </figcaption>
      <Canvas
        height={120}
        draw={draw}
        label={`Posterior of ${name}: mean ${plain(summary.mean)}, standard deviation ${plain(summary.sd, 3)}${truth === undefined ? '' : `, truth ${plain(truth)}`}`}
      />
    </figure>
  );
}
