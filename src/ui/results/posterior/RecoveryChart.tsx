import { useElementSize } from '@mantine/hooks';
import { useCallback, useMemo, useRef, useState } from 'react';
import { estimateText } from '../../../results/posterior/estimate-text.ts';
import { drawAxes, drawMark, type Frame } from '../../charts/axes.ts';
import { rangeOf } from '../../charts/scale.ts';
import { plain } from '../../format.ts';
import { Canvas } from '../../shared/Canvas.tsx';
import { useTokens } from '../../shared/useTokens.ts';
import { select } from '../../state/actions.ts';
import {
  equalityLine,
  nearest,
  type Placed,
  place,
  type RecoveryPoint,
  type RecoveryView,
  truthAxis,
} from './place.ts';
import classes from './RecoveryChart.module.css';

interface RecoveryChartProps {
  readonly points: readonly RecoveryPoint[];
  readonly parameter: string;
  readonly view: RecoveryView;
}

/** From here on marks are smaller and let those below show through. */
const DENSE = 500;
/** Width of the hint in px, for which there must be room beside the point. */
const HINT_WIDTH = 190;

/** Truth against estimate on a canvas, which ten thousand items do not slow down: points can be pointed at and chosen. */
export function RecoveryChart({ points, parameter, view }: RecoveryChartProps) {
  const tokens = useTokens();
  const { ref, width, height } = useElementSize();
  const frame = useRef<Frame>(undefined);
  const [hovered, setHovered] = useState<number>();
  const placed = useMemo(() => place(points, view), [points, view]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, across: number, down: number) => {
      const xRange = truthAxis(points);
      const yRange = rangeOf(placed.flatMap(({ bars }) => bars.flatMap(({ low, high }) => [low, high])));
      const axes = drawAxes(context, across, down, tokens, {
        xRange,
        yRange,
        xLabel: `true ${parameter}`,
        yLabel: view === 'error' ? `estimate − true ${parameter}` : `estimate of ${parameter}`,
      });
      frame.current = axes;
      context.save();
      context.beginPath();
      context.rect(axes.left, axes.top, axes.right - axes.left, axes.bottom - axes.top);
      context.clip();
      drawPoints(context, axes, placed, tokens.series);
      const ends = view === 'error' ? [xRange.min, xRange.max].map((x) => ({ x, y: 0 })) : equalityLine(xRange, yRange);
      if (ends) {
        context.strokeStyle = tokens.ink;
        context.setLineDash([6, 4]);
        context.beginPath();
        for (const { x, y } of ends) context.lineTo(axes.x(x), axes.y(y));
        context.stroke();
      }
      context.restore();
    },
    [points, placed, parameter, view, tokens],
  );
  const under = (point: { x: number; y: number } | undefined) =>
    point && frame.current && nearest(placed, frame.current, point);
  const told = placed.find(({ index }) => index === hovered);
  return (
    <div className={classes.box} data-testid="recovery-chart" data-pointed={told !== undefined || undefined}>
      <div ref={ref} className={classes.plot}>
        <Canvas
          height={height}
          draw={draw}
          label={`${parameter}: ${view} of ${points.length} items against the truth; the table below has every number`}
          onPoint={(point) => setHovered(under(point)?.index)}
          onChoose={(point) => {
            const chosen = under(point);
            if (chosen) void select(chosen.index);
          }}
        />
        {told && frame.current && (
          <Hint
            point={told}
            parameter={parameter}
            x={frame.current.x(told.x)}
            y={frame.current.y(told.y)}
            room={width}
          />
        )}
      </div>
    </div>
  );
}

function drawPoints(
  context: CanvasRenderingContext2D,
  frame: Frame,
  placed: readonly Placed[],
  colours: readonly string[],
): void {
  const dense = placed.length > DENSE;
  context.globalAlpha = dense ? Math.max(0.15, Math.min(0.7, 400 / placed.length)) : 1;
  for (const { x, y, bars, peaks, converged } of placed) {
    context.strokeStyle = colours[converged ? 0 : 1];
    context.fillStyle = context.strokeStyle;
    const at = frame.x(x);
    context.lineWidth = peaks && !dense ? 4 : 1.2;
    for (const { low, high } of bars) {
      context.beginPath();
      context.moveTo(at, frame.y(low));
      context.lineTo(at, frame.y(high));
      context.stroke();
    }
    // Between peaks there is no estimate to be marked.
    if (peaks && converged) continue;
    drawMark(context, converged ? 'circle' : 'triangle', at, frame.y(y), dense ? 2.2 : 4);
  }
  context.globalAlpha = 1;
  context.lineWidth = 1;
}

interface HintProps {
  readonly point: Placed;
  readonly parameter: string;
  /** Place of the point in CSS px, and the width of the plot. */
  readonly x: number;
  readonly y: number;
  readonly room: number;
}

function Hint({ point, parameter, x, y, room }: HintProps) {
  const left = x + 14 + HINT_WIDTH > room ? x - 14 - HINT_WIDTH : x + 14;
  return (
    <>
      <span className={classes.ring} style={{ left: x, top: y }} />
      <div className={classes.hint} style={{ left: Math.max(0, left), top: Math.max(0, y - 40), width: HINT_WIDTH }}>
        <strong>{point.runId}</strong>
        <div>
          true {parameter}: {plain(point.truth, 4)}
        </div>
        <div>estimate: {estimateText(point)}</div>
        {!point.peaks && <div>error: {plain((point.mean - point.truth) / point.sd, 2)} sd</div>}
      </div>
    </>
  );
}
