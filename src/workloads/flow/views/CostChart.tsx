import { useCallback } from 'react';
import { drawAxes, drawMark, type Mark } from '../../../ui/charts/axes.ts';
import { project } from '../../../ui/charts/scale.ts';
import { Canvas } from '../../../ui/shared/Canvas.tsx';
import text from '../../../ui/shared/text.module.css';
import { type Tokens, useTokens } from '../../../ui/shared/useTokens.ts';
import { seriesOf } from './cost-series.ts';
import { nameOf } from './EvaluationsField.tsx';
import classes from './Flow.module.css';
import type { CostPoint } from './store.ts';

const HEIGHT = 300;
const EVALUATIONS = [1, 2, 4, 8, 20, 40, 100, 200, 500, 1000, 2000];

/** C2ST over evaluations, whose axis has equal distances for equal factors. Each solver in each precision has a mark and a colour of its own. */
export function CostChart({ points }: { readonly points: readonly CostPoint[] }) {
  const tokens = useTokens();
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) =>
      drawCost(context, width, height, points, tokens),
    [points, tokens],
  );
  const best = points.reduce((low, point) => (point.c2st < low.c2st ? point : low));
  return (
    <>
      <ul className={text.legend}>
        {seriesOf(points).map(({ solver, precision, mark, color }) => (
          <li key={`${solver} ${precision}`} style={{ color: `var(--series-${color + 1})` }}>
            <span aria-hidden="true">{GLYPHS[mark]}</span>
            <span className={classes.soft}>
              {nameOf(solver)}, {precision}
            </span>
          </li>
        ))}
        <li>
          <span aria-hidden="true">┄</span> exact against exact
        </li>
        {points.some(({ source }) => source === 'run') && <li>larger mark: a run</li>}
      </ul>
      <Canvas
        height={HEIGHT}
        draw={draw}
        label={`C2ST over evaluations, ${points.length} ${points.length === 1 ? 'point' : 'points'}; best ${best.c2st.toFixed(3)} with ${best.evaluations} evaluations. The table below has them all.`}
      />
    </>
  );
}

const GLYPHS: Readonly<Record<Mark, string>> = {
  circle: '●',
  square: '■',
  triangle: '▲',
  diamond: '◆',
  cross: '×',
  plus: '+',
};

function drawCost(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  points: readonly CostPoint[],
  tokens: Tokens,
): void {
  const numbers = points.map(({ evaluations }) => evaluations);
  const [least, most] = [Math.min(4, ...numbers), Math.max(200, ...numbers)];
  const top = Math.min(1.02, Math.max(0.6, ...points.map(({ c2st }) => c2st + 0.03)));
  // The ticks of a logarithmic axis are drawn here; those of the frame would be its powers.
  const frame = drawAxes(context, width, height, tokens, {
    xRange: { min: 0, max: 0 },
    yRange: { min: 0.46, max: top },
    xLabel: 'evaluations a sample',
    yLabel: 'C2ST (0.5: cannot be told apart)',
  });
  const place = project({ min: Math.log(least / 1.15), max: Math.log(most * 1.15) }, frame.left, frame.right);
  const x = (evaluations: number) => place(Math.log(evaluations));
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const tick of EVALUATIONS.filter((each) => each >= least && each <= most)) {
    context.strokeStyle = tokens.grid;
    line(context, x(tick), frame.top, x(tick), frame.bottom);
    context.fillStyle = tokens.axis;
    context.fillText(String(tick), x(tick), frame.bottom + 5);
  }
  context.strokeStyle = tokens.ink;
  context.setLineDash([5, 4]);
  const control = points.reduce((sum, { selfControl }) => sum + selfControl, 0) / points.length;
  line(context, frame.left, frame.y(control), frame.right, frame.y(control));
  context.setLineDash([]);
  for (const { points: own, mark, color } of seriesOf(points)) {
    context.strokeStyle = tokens.series[color];
    context.fillStyle = tokens.series[color];
    context.lineWidth = 1;
    context.beginPath();
    for (const { evaluations, c2st } of own.filter(({ source }) => source === 'measurement'))
      context.lineTo(x(evaluations), frame.y(c2st));
    context.stroke();
    context.lineWidth = 2;
    for (const { evaluations, c2st, source } of own)
      drawMark(context, mark, x(evaluations), frame.y(c2st), source === 'run' ? 6.5 : 4.5);
  }
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
