import { useCallback } from 'react';
import { drawAxes, drawMark } from '../charts/axes.ts';
import { rangeOf } from '../charts/scale.ts';
import { Canvas } from '../shared/Canvas.tsx';
import { useTokens } from '../shared/useTokens.ts';
import { truthAxis } from './place.ts';
import type { RecoveryPoint, RecoveryView } from './RecoveryPanel.tsx';

interface DenseRecoveryProps {
  readonly points: readonly RecoveryPoint[];
  readonly parameter: string;
  readonly view: RecoveryView;
}

/** The same plot for thousands of items, on a canvas. */
export function DenseRecovery({ points, parameter, view }: DenseRecoveryProps) {
  const tokens = useTokens();
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      const y = (point: RecoveryPoint) => (view === 'error' ? point.mean - point.truth : point.mean);
      const xRange = truthAxis(points);
      const frame = drawAxes(context, width, height, tokens, {
        xRange,
        yRange: rangeOf(points.flatMap((point) => [y(point) - point.sd, y(point) + point.sd])),
        xLabel: `true ${parameter}`,
        yLabel: view === 'error' ? `estimate − true ${parameter}` : `estimate of ${parameter}`,
      });
      context.save();
      context.beginPath();
      context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
      context.clip();
      context.globalAlpha = Math.max(0.15, Math.min(0.7, 400 / points.length));
      for (const point of points) {
        context.strokeStyle = tokens.series[point.converged ? 0 : 1];
        context.fillStyle = context.strokeStyle;
        const x = frame.x(point.truth);
        context.beginPath();
        context.moveTo(x, frame.y(y(point) - point.sd));
        context.lineTo(x, frame.y(y(point) + point.sd));
        context.stroke();
        drawMark(context, point.converged ? 'circle' : 'triangle', x, frame.y(y(point)), 2.2);
      }
      context.globalAlpha = 1;
      context.strokeStyle = tokens.ink;
      context.setLineDash([6, 4]);
      context.beginPath();
      context.moveTo(frame.left, frame.y(view === 'error' ? 0 : xRange.min));
      context.lineTo(frame.right, frame.y(view === 'error' ? 0 : xRange.max));
      context.stroke();
      context.restore();
    },
    [points, parameter, view, tokens],
  );
  return (
    <Canvas
      height={320}
      draw={draw}
      label={`${parameter}: ${view} of ${points.length} items against the truth; the table below has every number`}
    />
  );
}
