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
import { ticks } from '../charts/scale.ts';
import { compact, grouped } from '../format.ts';
import { useTokens } from '../shared/useTokens.ts';
import { batchTicks, type SpeedPoint, type SpeedPoints } from './speed-points.ts';
import classes from './Tuner.module.css';

export interface SpeedChartProps {
  readonly points: SpeedPoints;
  readonly many: string;
  readonly knee?: number;
  readonly largestSafe?: number;
}

/** Items/s over batch size on a doubling axis. The trial log beside it has every number. */
export default function SpeedChart({ points, many, knee, largestSafe }: SpeedChartProps) {
  const tokens = useTokens();
  const { measured, failed, verified, serial } = points;
  const all = [...measured, ...verified, ...failed];
  const xTicks = batchTicks([...all.map(({ batch }) => batch), largestSafe ?? 1], 7);
  const top = 1.1 * Math.max(1e-9, serial ?? 0, ...all.map(({ itemsPerSecond }) => itemsPerSecond));
  const yTicks = ticks({ min: 0, max: top }, 5);
  const last = xTicks[xTicks.length - 1];
  const mark = (value: number, label: string, dash: string, position: 'insideTopLeft' | 'insideTopRight') => (
    <ReferenceLine
      x={value}
      stroke={tokens.ink}
      strokeDasharray={dash}
      label={{ value: label, position, fill: tokens.ink, fontSize: 11 }}
    />
  );
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        margin={{ top: 8, right: 14, bottom: 20, left: 14 }}
        role="img"
        aria-label={`Items per second over batch size: ${measured.length} batches measured, ${failed.length} failed; the trial log has every number`}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke={tokens.grid} />
        <XAxis
          type="number"
          dataKey="batch"
          scale="log"
          domain={[1, last]}
          ticks={xTicks}
          tickFormatter={(value: number) => grouped(value)}
          allowDuplicatedCategory={false}
          stroke={tokens.axis}
          fontSize={11}
          padding={{ left: 14, right: 14 }}
          label={{ value: 'batch size', position: 'bottom', offset: 2, fill: tokens.inkSoft, fontSize: 11 }}
        />
        <YAxis
          type="number"
          dataKey="itemsPerSecond"
          domain={[0, top]}
          ticks={yTicks}
          tickFormatter={(value: number) => compact(value)}
          stroke={tokens.axis}
          fontSize={11}
          width={64}
          label={{
            value: `${many}/s`,
            angle: -90,
            position: 'insideLeft',
            fill: tokens.inkSoft,
            fontSize: 11,
            style: { textAnchor: 'middle' },
          }}
        />
        <Tooltip isAnimationActive={false} cursor={false} content={<Hint many={many} />} />
        {serial !== undefined && (
          <ReferenceLine
            y={serial}
            stroke={tokens.axis}
            strokeDasharray="2 3"
            label={{ value: 'serial', position: 'insideBottomRight', fill: tokens.inkSoft, fontSize: 11 }}
          />
        )}
        {knee !== undefined && mark(knee, 'knee', '6 4', knee > Math.sqrt(last) ? 'insideTopRight' : 'insideTopLeft')}
        {largestSafe !== undefined && mark(largestSafe, 'largest safe', '2 4', 'insideTopRight')}
        <Scatter
          name="measured"
          data={measured as SpeedPoint[]}
          fill={tokens.series[0]}
          shape="circle"
          line={{ stroke: tokens.series[0], strokeWidth: 1.5 }}
          isAnimationActive={false}
        />
        <Scatter
          name="run for real"
          data={verified as SpeedPoint[]}
          fill={tokens.series[2]}
          shape="diamond"
          isAnimationActive={false}
        />
        <Scatter
          name="failed"
          data={failed as SpeedPoint[]}
          fill={tokens.bad}
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
