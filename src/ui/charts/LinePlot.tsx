import { useEffect, useRef, useState } from 'react';
import type uPlot from 'uplot';
import text from '../shared/text.module.css';
import type { Tokens } from '../shared/useTokens.ts';
import { useTokens } from '../shared/useTokens.ts';
import classes from './LinePlot.module.css';
import { tickText } from './scale.ts';

export interface LineSeries {
  readonly label: string;
  /** Index into the page's series colours. */
  readonly color: number;
  readonly values: readonly number[];
  readonly dash?: readonly number[];
  /** Draws on the axis at the right. */
  readonly right?: boolean;
  /** Each value holds until the next: for what changes at once, not gradually. */
  readonly stepped?: boolean;
}

interface LinePlotProps {
  /** What the plot shows, for those who cannot see it. */
  readonly label: string;
  readonly x: readonly number[];
  readonly xLabel: string;
  readonly series: readonly LineSeries[];
  readonly height: number;
  readonly yLabel: string;
  readonly rightLabel?: string;
  /** Text of a value on the left axis; without it, as many decimals as the ticks need. */
  readonly format?: (value: number) => string;
  /** Distances that ticks of the left axis may have, ascending; decimal ones unless given. */
  readonly increments?: readonly number[];
  /** The y axis starts at zero. */
  readonly fromZero?: boolean;
  /** Width of the left axis in px, where texts are long. */
  readonly axisWidth?: number;
}

type Constructor = typeof uPlot;

/** Lines over a shared x, drawn by uPlot, which is loaded with the first plot. Legend rows are fixed, so nothing moves as values change. */
export function LinePlot(props: LinePlotProps) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const tokens = useTokens();
  const [uplot, setUplot] = useState<Constructor>();
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    let here = true;
    void Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')]).then(([module]) => {
      if (here) setUplot(() => module.default);
    });
    return () => {
      here = false;
    };
  }, []);

  const shape = props.series.map((line) => `${line.label}/${line.color}/${line.right ?? ''}`).join('|');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the series; their values go in by setData below
  useEffect(() => {
    if (!uplot) return;
    const element = host.current!;
    const made = new uplot(
      options(uplot, latest.current, tokens, element.clientWidth),
      dataOf(latest.current),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: latest.current.height }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [uplot, tokens, shape, props.height, props.yLabel]);

  useEffect(() => {
    plot.current?.setData(dataOf(props));
  });

  return (
    <div>
      <ul className={text.legend}>
        {props.series.map((line) => (
          <li key={line.label}>
            <span
              className={classes.key}
              style={{
                borderTopColor: `var(--series-${line.color + 1})`,
                borderTopStyle: line.dash ? 'dashed' : 'solid',
              }}
            />
            {line.label}
            {line.right ? ' (right)' : ''}
          </li>
        ))}
      </ul>
      <div ref={host} role="img" aria-label={props.label} className={classes.host} style={{ height: props.height }} />
    </div>
  );
}

function tickTexts(splits: readonly number[], format?: (value: number) => string): string[] {
  const step = splits[1] - splits[0] || 1;
  return splits.map((value) => (format ? format(value) : tickText(value, step)));
}

function dataOf(props: LinePlotProps): uPlot.AlignedData {
  return [props.x as number[], ...props.series.map((line) => line.values as number[])];
}

function options(uplot: Constructor, props: LinePlotProps, tokens: Tokens, width: number): uPlot.Options {
  const axis = {
    stroke: tokens.axis,
    grid: { stroke: tokens.grid, width: 1 },
    ticks: { stroke: tokens.grid, width: 1, size: 4 },
    font: '11px system-ui, sans-serif',
    labelFont: '11px system-ui, sans-serif',
  };
  const floor = (_: uPlot, low: number, high: number): [number, number] =>
    props.fromZero
      ? [0, high > 0 ? high * 1.08 : 1]
      : low < high
        ? [low - 0.05 * (high - low), high + 0.05 * (high - low)]
        : [low - 1, high + 1];
  const axes: uPlot.Axis[] = [
    { ...axis, size: 28, label: props.xLabel, labelSize: 16 },
    {
      ...axis,
      size: props.axisWidth ?? 56,
      label: props.yLabel,
      labelSize: 16,
      ...(props.increments && { incrs: [...props.increments] }),
      values: (_, splits) => tickTexts(splits, props.format),
    },
  ];
  if (props.series.some((line) => line.right)) {
    axes.push({
      ...axis,
      side: 1,
      scale: 'right',
      grid: { show: false },
      size: 56,
      label: props.rightLabel ?? '',
      labelSize: 16,
      values: (_, splits) => tickTexts(splits),
    });
  }
  return {
    width,
    height: props.height,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: floor }, right: { range: floor } },
    axes,
    series: [
      {},
      ...props.series.map((line) => ({
        label: line.label,
        stroke: tokens.series[line.color],
        width: 1.5,
        dash: line.dash as number[] | undefined,
        scale: line.right ? 'right' : 'y',
        ...(line.stepped && { paths: uplot.paths.stepped!({ align: 1 }) }),
        points: { show: false },
      })),
    ],
  };
}
