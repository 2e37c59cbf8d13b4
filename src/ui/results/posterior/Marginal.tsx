import { useCallback, useMemo } from 'react';
import { peaksText } from '../../../results/posterior/estimate-text.ts';
import type { NamedSummary } from '../../../results/posterior/item-summary.ts';
import { finiteRange, histogram } from '../../../stats/histogram.ts';
import { drawTicks } from '../../charts/axes.ts';
import { project, rangeOf } from '../../charts/scale.ts';
import { plain, withError } from '../../format.ts';
import { Canvas } from '../../shared/Canvas.tsx';
import { useTokens } from '../../shared/useTokens.ts';
import classes from '../ResultsTab.module.css';

const BINS = 32;
const AXIS_PX = 18;
/** Height of the bars over the intervals of peaks. */
const PEAK_PX = 4;

interface MarginalProps {
  readonly name: string;
  readonly unit: string | undefined;
  readonly draws: ArrayLike<number>;
  readonly summary: NamedSummary;
  readonly truth: number | undefined;
  /** Draws of the exact posterior, drawn as an outline. */
  readonly exact?: ArrayLike<number>;
}

/** Histogram of one parameter's draws with the truth and the mean, or the intervals of several peaks. */
export function Marginal({ name, unit, draws, summary, truth, exact }: MarginalProps) {
  const tokens = useTokens();
  const bars = useMemo(() => histogram(draws, BINS, exact && sharedRange(draws, exact)), [draws, exact]);
  const outline = useMemo(() => exact && histogram(exact, BINS, sharedRange(draws, exact)), [draws, exact]);
  const { peaks } = summary;
  const told = peaks ? peaksText(peaks) : withError(summary.mean, summary.sd);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      const { edges, counts } = bars;
      const range = rangeOf([edges[0], edges[BINS], truth ?? Number.NaN], 0.04);
      const x = project(range, 2, width - 2);
      const floor = height - AXIS_PX;
      const scale = outline ? draws.length / exact!.length : 1;
      const highest = Math.max(...counts, ...(outline?.counts ?? []).map((count) => scale * count), 1);
      context.fillStyle = tokens.series[0];
      for (let i = 0; i < BINS; i++) {
        const top = floor - ((floor - 4) * counts[i]) / highest;
        context.fillRect(x(edges[i]) + 0.5, top, Math.max(1, x(edges[i + 1]) - x(edges[i]) - 1), floor - top);
      }
      if (outline) {
        context.strokeStyle = tokens.series[1];
        context.lineWidth = 2;
        context.beginPath();
        outline.counts.forEach((count, i) => {
          const top = floor - ((floor - 4) * scale * count) / highest;
          context.lineTo(x(edges[i]), top);
          context.lineTo(x(edges[i + 1]), top);
        });
        context.stroke();
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
      if (!peaks) upright(summary.mean, [4, 3]);
      for (const { low, high } of peaks ?? []) {
        context.fillStyle = tokens.truth;
        context.fillRect(x(low), floor - PEAK_PX, Math.max(2, x(high) - x(low)), PEAK_PX);
      }
      if (truth !== undefined) upright(truth, []);
      context.setLineDash([]);
      drawTicks(context, width, height, tokens, { range, apart: 48 }, x);
    },
    [bars, outline, exact, draws, summary, peaks, truth, tokens],
  );
  return (
    <figure className={classes.marginal}>
      <figcaption>
        <strong>
          {name}
          {unit ? ` (${unit})` : ''}
        </strong>
        <span className={classes.soft}>{told}</span>
      </figcaption>
      <Canvas
        height={120}
        draw={draw}
        label={`Posterior of ${name}: ${peaks ? `95 % of each peak, ${told}` : `mean ${plain(summary.mean)}, standard deviation ${plain(summary.sd, 3)}`}${truth === undefined ? '' : `, truth ${plain(truth)}`}${exact ? '; outline: the exact posterior' : ''}`}
      />
    </figure>
  );
}

/** Range of both, so that their bins are the same. */
function sharedRange(a: ArrayLike<number>, b: ArrayLike<number>): readonly [number, number] {
  const [[a0, a1], [b0, b1]] = [finiteRange(a), finiteRange(b)];
  return [Math.min(a0, b0), Math.max(a1, b1)];
}
