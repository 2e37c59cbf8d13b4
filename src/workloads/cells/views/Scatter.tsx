import { useCallback } from 'react';
import { drawAxes } from '../../../ui/charts/axes.ts';
import { rangeOf } from '../../../ui/charts/scale.ts';
import { Canvas } from '../../../ui/shared/Canvas.tsx';
import { useTokens } from '../../../ui/shared/useTokens.ts';

interface ScatterProps {
  readonly label: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly height: number;
  /** A line through the means with this slope. */
  readonly slope?: number;
}

/** Points about the diagonal on which both are equal. */
export function Scatter({ label, x, y, xLabel, yLabel, height, slope }: ScatterProps) {
  const theme = useTokens();
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, canvasHeight: number) => {
      const xRange = rangeOf(Array.from(x));
      const yRange = rangeOf([...Array.from(y), xRange.min, xRange.max], 0);
      const frame = drawAxes(context, width, canvasHeight, theme, { xRange, yRange, xLabel, yLabel });
      context.save();
      context.beginPath();
      context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
      context.clip();
      context.fillStyle = theme.series[0];
      // Many points lie on each other: where there are most it is darkest.
      const many = x.length > 2000;
      context.globalAlpha = many ? 0.25 : 0.7;
      const size = many ? 1.5 : 3.5;
      for (let i = 0; i < x.length; i++)
        context.fillRect(frame.x(x[i]) - size / 2, frame.y(y[i]) - size / 2, size, size);
      context.globalAlpha = 1;
      context.lineWidth = 1.5;
      context.strokeStyle = theme.ink;
      context.setLineDash([5, 4]);
      context.beginPath();
      context.moveTo(frame.x(xRange.min), frame.y(xRange.min));
      context.lineTo(frame.x(xRange.max), frame.y(xRange.max));
      context.stroke();
      context.setLineDash([]);
      if (slope !== undefined) {
        const [midX, midY] = [mean(x), mean(y)];
        context.strokeStyle = theme.series[1];
        context.lineWidth = 2;
        context.beginPath();
        context.moveTo(frame.x(xRange.min), frame.y(midY + slope * (xRange.min - midX)));
        context.lineTo(frame.x(xRange.max), frame.y(midY + slope * (xRange.max - midX)));
        context.stroke();
      }
      context.restore();
    },
    [x, y, xLabel, yLabel, slope, theme],
  );
  return <Canvas label={label} height={height} draw={draw} />;
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Entries below the diagonal of a square. */
export function pairsOf(square: Float32Array, n: number): Float32Array {
  const pairs = new Float32Array((n * (n - 1)) / 2);
  let at = 0;
  for (let a = 1; a < n; a++) for (let b = 0; b < a; b++) pairs[at++] = square[a * n + b];
  return pairs;
}
