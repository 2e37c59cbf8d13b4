import {
  CartesianGrid,
  ErrorBar,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { rangeOf, ticks, tickText } from '../charts/scale.ts';
import { plain, withError } from '../format.ts';
import { useTokens } from '../shared/useTokens.ts';
import { select } from '../state/actions.ts';
import { equalityLine, type Placed, place, truthAxis } from './place.ts';
import classes from './RecoveryChart.module.css';
import type { RecoveryPoint, RecoveryView } from './RecoveryPanel.tsx';

export interface RecoveryChartProps {
  readonly points: readonly RecoveryPoint[];
  readonly parameter: string;
  readonly view: RecoveryView;
}

/** Up to 500 items as an SVG chart: points can be pointed at and chosen. */
export default function RecoveryChart({ points, parameter, view }: RecoveryChartProps) {
  const tokens = useTokens();
  const data = place(points, view);
  const xRange = truthAxis(points);
  const yRange = rangeOf(data.flatMap(({ y, sd }) => [y - sd, y + sd]));
  const xTicks = ticks(xRange, 6);
  const yTicks = ticks(yRange, 6);
  const text = (marks: readonly number[]) => (value: number) => tickText(value, marks[1] - marks[0] || 1);
  // Room for the longest tick and the axis title beside it.
  const yWidth = 28 + 6.4 * Math.max(4, ...yTicks.map((mark) => text(yTicks)(mark).length));
  const line =
    view === 'error'
      ? ([
          { x: xRange.min, y: 0 },
          { x: xRange.max, y: 0 },
        ] as const)
      : equalityLine(xRange, yRange);
  const scatter = (name: string, rows: Placed[], color: string, shape: 'circle' | 'triangle') => (
    <Scatter
      name={name}
      data={rows}
      fill={color}
      shape={shape}
      isAnimationActive={false}
      onClick={(datum) => void select((datum as unknown as Placed).index)}
      cursor="pointer"
    >
      <ErrorBar dataKey="sd" direction="y" stroke={color} width={3} strokeWidth={1.2} isAnimationActive={false} />
    </Scatter>
  );
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ScatterChart
        margin={{ top: 8, right: 12, bottom: 20, left: 14 }}
        role="img"
        aria-label={`${parameter}: ${view} of ${points.length} items; the table below has every number`}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke={tokens.grid} />
        <XAxis
          type="number"
          dataKey="x"
          domain={[xRange.min, xRange.max]}
          ticks={xTicks}
          tickFormatter={text(xTicks)}
          stroke={tokens.axis}
          fontSize={11}
          label={{ value: `true ${parameter}`, position: 'bottom', offset: 2, fill: tokens.inkSoft, fontSize: 11 }}
        />
        <YAxis
          type="number"
          dataKey="y"
          domain={[yRange.min, yRange.max]}
          ticks={yTicks}
          tickFormatter={text(yTicks)}
          stroke={tokens.axis}
          fontSize={11}
          width={yWidth}
          label={{
            value: view === 'error' ? `estimate − true ${parameter}` : `estimate of ${parameter}`,
            angle: -90,
            position: 'insideLeft',
            fill: tokens.inkSoft,
            fontSize: 11,
            style: { textAnchor: 'middle' },
          }}
        />
        {line && <ReferenceLine segment={line} stroke={tokens.ink} strokeDasharray="6 4" ifOverflow="hidden" />}
        <Tooltip isAnimationActive={false} cursor={false} content={<Hint parameter={parameter} />} />
        {scatter(
          'converged',
          data.filter(({ converged }) => converged),
          tokens.series[0],
          'circle',
        )}
        {scatter(
          'not converged',
          data.filter(({ converged }) => !converged),
          tokens.series[1],
          'triangle',
        )}
      </ScatterChart>
    </ResponsiveContainer>
  );
}

function Hint(props: {
  readonly parameter: string;
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload: Placed }[];
}) {
  const datum = props.active ? props.payload?.[0]?.payload : undefined;
  if (!datum) return null;
  return (
    <div className={classes.hint}>
      <strong>{datum.runId}</strong>
      <div>
        true {props.parameter}: {plain(datum.truth, 4)}
      </div>
      <div>estimate: {withError(datum.mean, datum.sd)}</div>
      <div>error: {plain((datum.mean - datum.truth) / datum.sd, 2)} sd</div>
    </div>
  );
}
