import {
  CartesianGrid,
  ComposedChart,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { ticks, tickText } from '../charts/scale.ts';
import { compact, grouped } from '../format.ts';
import { batchTicks, type SpeedPoint, type SpeedPoints } from './speed-points.ts';
import classes from './Tuner.module.css';

/** Of a mark's label, px. */
const LABEL_HEIGHT = 15;

export interface SpeedChartProps {
  readonly points: SpeedPoints;
  readonly many: string;
  readonly knee?: number;
  readonly largestSafe?: number;
}

/** Items/s over batch size on a doubling axis. The trial log beside it has every number. */
export default function SpeedChart({ points, many, knee, largestSafe }: SpeedChartProps) {
  const { measured, beyond, failed, verified, serial, reach } = points;
  const all = [...measured, ...beyond, ...verified, ...failed];
  const xTicks = batchTicks([...all.map(({ batch }) => batch), reach], 7);
  const fastest = Math.max(serial ?? 0, ...all.map(({ itemsPerSecond }) => itemsPerSecond));
  // Where everything failed there is no rate to scale by.
  const top = fastest > 0 ? 1.1 * fastest : 1;
  const yTicks = ticks({ min: 0, max: top }, 5);
  const last = xTicks[xTicks.length - 1];
  const marks = [
    ...(knee === undefined ? [] : [{ at: knee, label: 'knee', dash: '6 4' }]),
    ...(largestSafe === undefined ? [] : [{ at: largestSafe, label: 'largest safe', dash: '2 4' }]),
  ];
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        margin={{ top: 8, right: 14, bottom: 20, left: 14 }}
        role="img"
        aria-label={`Items per second over batch size: ${measured.length + beyond.length} batches measured, ${failed.length} failed; the trial log has every number`}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke="var(--grid)" />
        <XAxis
          type="number"
          dataKey="batch"
          scale="log"
          domain={[1, last]}
          ticks={xTicks}
          tickFormatter={(value: number) => grouped(value)}
          allowDuplicatedCategory={false}
          stroke="var(--axis)"
          fontSize={11}
          padding={{ left: 14, right: 14 }}
          label={{ value: 'batch size', position: 'bottom', offset: 2, fill: 'var(--ink-soft)', fontSize: 11 }}
        />
        <YAxis
          type="number"
          dataKey="itemsPerSecond"
          domain={[0, top]}
          ticks={yTicks}
          tickFormatter={(value: number) => tickText(value, yTicks[1] - yTicks[0] || 1)}
          stroke="var(--axis)"
          fontSize={11}
          width={64}
          label={{
            value: `${many}/s`,
            angle: -90,
            position: 'insideLeft',
            fill: 'var(--ink-soft)',
            fontSize: 11,
            style: { textAnchor: 'middle' },
          }}
        />
        <Tooltip isAnimationActive={false} cursor={false} content={<Hint many={many} />} />
        {serial !== undefined && (
          <ReferenceLine
            y={serial}
            stroke="var(--axis)"
            strokeDasharray="2 3"
            label={{ value: 'serial', position: 'insideBottomRight', fill: 'var(--ink-soft)', fontSize: 11 }}
          />
        )}
        {marks.map(({ at, label, dash }, index) => (
          <ReferenceLine
            key={label}
            x={at}
            stroke="var(--ink)"
            strokeDasharray={dash}
            // One label above the other: the two may stand close together, or on one another.
            label={{
              value: `${label} ${grouped(at)}`,
              position: at > Math.sqrt(last) ? 'insideTopRight' : 'insideTopLeft',
              dy: index * LABEL_HEIGHT,
              fill: 'var(--ink)',
              fontSize: 11,
            }}
          />
        ))}
        <Scatter
          name="measured"
          data={measured as SpeedPoint[]}
          fill="var(--series-1)"
          shape="circle"
          line={{ stroke: 'var(--series-1)', strokeWidth: 1.5 }}
          isAnimationActive={false}
        />
        <Scatter
          name="beyond the run"
          data={beyond as SpeedPoint[]}
          fill="var(--panel)"
          stroke="var(--series-1)"
          shape="circle"
          line={{ stroke: 'var(--series-1)', strokeWidth: 1.5, strokeDasharray: '5 4' }}
          isAnimationActive={false}
        />
        <Scatter
          name="run for real"
          data={verified as SpeedPoint[]}
          fill="var(--series-3)"
          shape="diamond"
          isAnimationActive={false}
        />
        <Scatter
          name="failed"
          data={failed as SpeedPoint[]}
          fill="var(--bad)"
          shape="cross"
          isAnimationActive={false}
        />
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function Hint(props: {
  readonly many: string;
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload: SpeedPoint }[];
}) {
  const point = props.active ? props.payload?.[0]?.payload : undefined;
  if (!point) return null;
  return (
    <div className={classes.hint}>
      <strong>Batch {grouped(point.batch)}</strong>
      <div>{point.itemsPerSecond > 0 ? `${compact(point.itemsPerSecond)} ${props.many}/s` : 'failed, no rate'}</div>
    </div>
  );
}
