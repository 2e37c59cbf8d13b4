import { LinePlot } from '../charts/LinePlot.tsx';
import { compact, shortBytes } from '../format.ts';
import type { HistoryPoint } from '../state/history.ts';

/** Bytes read best at multiples of a power of two. */
const POWERS_OF_TWO = Array.from({ length: 48 }, (_, power) => 2 ** power);

interface HistoryProps {
  readonly points: readonly HistoryPoint[];
}

interface SpeedProps extends HistoryProps {
  /** What is counted, in the experiment's words: many items, and the work of a run. */
  readonly items: string;
  readonly work: string;
}

/** Items and work per second since the start. */
export function SpeedOverTime({ points, items, work }: SpeedProps) {
  const last = points.at(-1)!;
  return (
    <LinePlot
      label={`Speed over ${Math.round(last.seconds)} seconds; now ${compact(last.itemsPerSecond)} ${items} and ${compact(last.gradientsPerSecond)} ${work} per second`}
      height={190}
      fromZero
      x={points.map((point) => point.seconds)}
      xLabel="seconds"
      yLabel={`${work}/s`}
      rightLabel={`${items}/s`}
      format={compact}
      series={[
        { label: `${work}/s`, color: 0, values: points.map((point) => point.gradientsPerSecond) },
        {
          label: `${items}/s`,
          color: 1,
          values: points.map((point) => point.itemsPerSecond),
          right: true,
          dash: [6, 4],
        },
      ]}
    />
  );
}

/** Bytes of GPU buffers since the start. */
export function MemoryOverTime({ points }: HistoryProps) {
  const last = points.at(-1)!;
  return (
    <LinePlot
      label={`GPU memory over ${Math.round(last.seconds)} seconds; now ${shortBytes(last.bytes)}`}
      height={190}
      fromZero
      axisWidth={72}
      increments={POWERS_OF_TWO}
      x={points.map((point) => point.seconds)}
      xLabel="seconds"
      yLabel=""
      format={shortBytes}
      series={[{ label: 'all buffers', color: 2, values: points.map((point) => point.bytes), stepped: true }]}
    />
  );
}
