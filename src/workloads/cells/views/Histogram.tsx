import { useCallback } from 'react';
import { drawAxes } from '../../../ui/charts/axes.ts';
import { Legend } from '../../../ui/charts/Swatch.tsx';
import { type Range, rangeOf } from '../../../ui/charts/scale.ts';
import { Canvas } from '../../../ui/shared/Canvas.tsx';
import { useTokens } from '../../../ui/shared/useTokens.ts';
import { shares } from './shares.ts';

interface HistogramProps {
  /** "Share of zeros". */
  readonly title: string;
  readonly real: ArrayLike<number>;
  readonly drawn: ArrayLike<number>;
  readonly height: number;
}

const BARS = 24;

/** How a number of real cells is spread, and of drawn ones over it; both as shares, so that their numbers do not matter. */
export function Histogram({ title, real, drawn, height }: HistogramProps) {
  const theme = useTokens();
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, canvasHeight: number) => {
      const xRange: Range = rangeOf([...Array.from(real), ...Array.from(drawn)], 0.02);
      const [below, above] = [shares(real, xRange, BARS), shares(drawn, xRange, BARS)];
      const top = 1.08 * Math.max(...below, ...above, 1e-9);
      const frame = drawAxes(context, width, canvasHeight, theme, {
        xRange,
        yRange: { min: 0, max: top },
        xLabel: title,
        yLabel: 'share of cells',
      });
      const step = (xRange.max - xRange.min) / BARS;
      const x = (bar: number) => frame.x(xRange.min + bar * step);
      context.fillStyle = theme.line;
      below.forEach((share, bar) => {
        context.fillRect(x(bar), frame.y(share), x(bar + 1) - x(bar), frame.bottom - frame.y(share));
      });
      context.strokeStyle = theme.series[1];
      context.lineWidth = 2;
      context.beginPath();
      context.moveTo(x(0), frame.bottom);
      above.forEach((share, bar) => {
        context.lineTo(x(bar), frame.y(share));
        context.lineTo(x(bar + 1), frame.y(share));
      });
      context.lineTo(x(BARS), frame.bottom);
      context.stroke();
    },
    [title, real, drawn, theme],
  );
  const [of, ofDrawn] = [middle(real), middle(drawn)];
  return (
    <>
      <Legend
        entries={[
          { shape: 'filled', color: '--line-strong', label: 'real cells' },
          { shape: 'outline', color: '--series-2', label: 'this run' },
        ]}
      />
      <Canvas
        height={height}
        draw={draw}
        label={`${title}: median ${text(of)} in real cells, ${text(ofDrawn)} in this run`}
      />
    </>
  );
}

const text = (value: number) => Number(value.toPrecision(3)).toString();

function middle(values: ArrayLike<number>): number {
  const sorted = Array.from(values).sort((a, b) => a - b);
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1];
}
