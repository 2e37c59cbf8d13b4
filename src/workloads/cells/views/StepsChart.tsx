import { useCallback } from 'react';
import { drawAxes, drawMark, MARKS, type Mark } from '../../../ui/charts/axes.ts';
import { project } from '../../../ui/charts/scale.ts';
import { Canvas } from '../../../ui/shared/Canvas.tsx';
import text from '../../../ui/shared/text.module.css';
import { type Tokens, useTokens } from '../../../ui/shared/useTokens.ts';
import type { Measure, Rule, StepPoint } from './ladder.ts';
import { ruleName } from './rule-words.ts';

const HEIGHT = 280;
const TICKS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];
/** Each rule has a mark and a colour of its own. */
const RULES: readonly Rule[] = ['tweedie', 'balanced', 'origin', 'euler', 'first-hitting'];
const GLYPHS: Readonly<Record<Mark, string>> = {
  circle: '●',
  square: '■',
  triangle: '▲',
  diamond: '◆',
  cross: '×',
  plus: '+',
};

interface ChartProps {
  readonly points: readonly StepPoint[];
  readonly measure: Measure;
}

/** Quality over steps, whose axis has equal distances for equal factors. */
export function StepsChart({ points, measure }: ChartProps) {
  const theme = useTokens();
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) =>
      drawSteps(context, width, height, points, measure, theme),
    [points, measure, theme],
  );
  const rules = RULES.filter((rule) => points.some((point) => point.rule === rule));
  return (
    <>
      <ul className={text.legend}>
        {rules.map((rule) => (
          <li key={rule} style={{ color: `var(--series-${RULES.indexOf(rule) + 1})` }}>
            <span aria-hidden="true">{GLYPHS[MARKS[RULES.indexOf(rule)]]}</span>
            <span style={{ color: 'var(--ink-soft)' }}>{ruleName(rule)}</span>
          </li>
        ))}
        <li>
          <span aria-hidden="true">┄</span> the mixture itself
        </li>
        {points.some(({ source }) => source === 'network') && (
          <li>
            <span aria-hidden="true">- -</span> the network
          </li>
        )}
        {points.some(({ source }) => source === 'run') && <li>larger mark: a run</li>}
      </ul>
      <Canvas
        height={HEIGHT}
        draw={draw}
        label={`${measure === 'slope' ? 'Slope of gene–gene correlations' : 'Correlation MSE'} over steps, ${points.length} points of ${rules.map(ruleName).join(', ')}. The table below has them all.`}
      />
    </>
  );
}

function drawSteps(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  points: readonly StepPoint[],
  measure: Measure,
  theme: Tokens,
): void {
  const values = points.map(({ agreement }) => agreement[measure]).filter(Number.isFinite);
  const best = points.filter(({ source }) => source === 'mixture').map((point) => point.best[measure]);
  const [low, high] = [Math.min(0, ...values, ...best), Math.max(...values, ...best, 1e-6)];
  // The ticks of a logarithmic axis are drawn here; those of the frame would be its powers.
  const frame = drawAxes(context, width, height, theme, {
    xRange: { min: 0, max: 0 },
    yRange: { min: low - 0.05 * (high - low), max: high + 0.06 * (high - low) },
    xLabel: 'steps',
    yLabel: measure === 'slope' ? 'slope (1: as real cells)' : 'correlation MSE',
  });
  const most = Math.max(128, ...points.map(({ steps }) => steps));
  const place = project({ min: Math.log(0.85), max: Math.log(most * 1.15) }, frame.left, frame.right);
  const x = (steps: number) => place(Math.log(steps));
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.lineWidth = 1;
  for (const tick of TICKS.filter((each) => each <= most)) {
    context.strokeStyle = theme.grid;
    line(context, x(tick), frame.top, x(tick), frame.bottom);
    context.fillStyle = theme.axis;
    context.fillText(String(tick), x(tick), frame.bottom + 5);
  }
  if (best.length > 0) {
    const mean = best.reduce((sum, value) => sum + value, 0) / best.length;
    context.strokeStyle = theme.ink;
    context.setLineDash([5, 4]);
    line(context, frame.left, frame.y(mean), frame.right, frame.y(mean));
    context.setLineDash([]);
  }
  RULES.forEach((rule, at) => {
    const own = points.filter((point) => point.rule === rule).sort((a, b) => a.steps - b.steps);
    context.strokeStyle = theme.series[at];
    context.fillStyle = theme.series[at];
    context.lineWidth = 1.5;
    for (const source of ['mixture', 'network'] as const) {
      context.setLineDash(source === 'network' ? [6, 4] : []);
      context.beginPath();
      for (const { steps, agreement } of own.filter((point) => point.source === source))
        context.lineTo(x(steps), frame.y(agreement[measure]));
      context.stroke();
    }
    context.setLineDash([]);
    context.lineWidth = 2;
    for (const { steps, agreement, source } of own)
      drawMark(context, MARKS[at], x(steps), frame.y(agreement[measure]), source === 'run' ? 7 : 4);
  });
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
