import { useCallback, useMemo } from 'react';
import type { Difference } from '../../../../results/posterior/compare-runs.ts';
import { overlay } from '../../../../stats/overlay.ts';
import { drawTicks } from '../../../charts/axes.ts';
import { project, rangeOf } from '../../../charts/scale.ts';
import { plain } from '../../../format.ts';
import { Canvas } from '../../../shared/Canvas.tsx';
import { useTokens } from '../../../shared/useTokens.ts';

const BINS = 32;
const AXIS_PX = 18;

interface OverlayMarginalProps {
  readonly difference: Difference;
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
}

/** One parameter's posterior in two runs: A filled with a solid outline, B a dashed outline. */
export function OverlayMarginal({ difference, a, b }: OverlayMarginalProps) {
  const tokens = useTokens();
  const bars = useMemo(() => overlay(a, b, BINS), [a, b]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      const { edges } = bars;
      const range = rangeOf([edges[0], edges[BINS]], 0.02);
      const x = project(range, 2, width - 2);
      const floor = height - AXIS_PX;
      const highest = Math.max(...bars.a, ...bars.b);
      const trace = (density: Float64Array) => {
        context.beginPath();
        context.moveTo(x(edges[0]), floor);
        for (let i = 0; i < BINS; i++) {
          const top = floor - ((floor - 4) * density[i]) / highest;
          context.lineTo(x(edges[i]), top);
          context.lineTo(x(edges[i + 1]), top);
        }
        context.lineTo(x(edges[BINS]), floor);
      };
      context.lineWidth = 1.8;
      trace(bars.a);
      context.fillStyle = tokens.series[0];
      context.globalAlpha = 0.25;
      context.fill();
      context.globalAlpha = 1;
      context.strokeStyle = tokens.series[0];
      context.stroke();
      trace(bars.b);
      context.strokeStyle = tokens.series[1];
      context.setLineDash([5, 3]);
      context.stroke();
      context.setLineDash([]);
      drawTicks(context, width, height, tokens, { range, apart: 56 }, x);
    },
    [bars, tokens],
  );
  const { parameter, meanA, meanB, z, sdRatio } = difference;
  return (
    <figure>
      <figcaption>
        <strong>{parameter}</strong> Δ {plain(z, 3)} MCSE, sd ratio {plain(sdRatio, 3)}
      </figcaption>
      <Canvas
        height={120}
        draw={draw}
        label={`Posterior of ${parameter} in both runs: mean ${plain(meanA)} in A, ${plain(meanB)} in B`}
      />
    </figure>
  );
}
