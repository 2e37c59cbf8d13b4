import { type AxesOptions, axesFrame, drawAxes, drawMark, type Frame, MARKS } from '../../../../ui/charts/axes.ts';
import { drawLegend, type LegendItem, legendLayout } from '../../../../ui/charts/legend.ts';
import type { Drawing, Pen } from '../../../../ui/charts/pen.ts';
import { fillBand, strokeLine } from '../../../../ui/charts/polyline.ts';
import { type Range, rangeOf } from '../../../../ui/charts/scale.ts';
import type { Tokens } from '../../../../ui/shared/useTokens.ts';
import type { LineWithBandProps } from './props.ts';

export type Lines = Pick<LineWithBandProps, 'x' | 'xLabel' | 'yLabel' | 'lines' | 'xLog' | 'yLog' | 'band'>;

/** px */
const PLOT = 260;
/** Points of a line that get a mark each, at most: more would run into one another. */
const MARKED = 40;

export function linesFrame(data: Lines, width: number): Frame {
  return axesFrame(width, heightOf(data, width), axesOf(data, width));
}

const heightOf = (data: Lines, width: number) => PLOT + legendLayout(legendOf(data), width).height;

function legendOf({ lines, band }: Lines, theme?: Tokens): LegendItem[] {
  const items: LegendItem[] = lines.map(({ label, dashed }, i) => ({
    label,
    colour: theme?.series[i % 6] ?? '',
    mark: dashed ? 'dashed' : 'line',
  }));
  const banded = lines.findIndex(({ errors }) => errors);
  if (banded >= 0)
    items.push({ label: band ?? '± 1 standard error', colour: theme?.series[banded] ?? '', mark: 'band' });
  return items;
}

/** Of what lines and bands reach; by logarithm of what is positive. */
export function linesRange({ lines, yLog }: Pick<Lines, 'lines' | 'yLog'>): Range {
  const reached = lines.flatMap(({ values, errors }) =>
    Array.from({ length: values.length }, (_, i) => {
      const error = errors?.[i] || 0;
      return [values[i], values[i] - error, values[i] + error];
    }).flat(),
  );
  if (!yLog) return rangeOf(reached);
  const positive = reached.filter((value) => value > 0);
  if (positive.length === 0) return { min: 0.1, max: 1 };
  const { min, max } = rangeOf(positive, 0);
  return { min: Math.min(min / 1.2, max / 10), max: max * 1.2 };
}

function axesOf(data: Lines, width: number): AxesOptions {
  const { x, xLabel, yLabel, xLog, yLog } = data;
  const xRange = xLog
    ? rangeOf(
        Array.from(x).filter((value) => value > 0),
        0,
      )
    : rangeOf(Array.from(x), 0.02);
  return {
    xRange,
    yRange: linesRange(data),
    xLabel,
    yLabel,
    xLog,
    yLog,
    margins: { left: 62, right: 10, top: legendLayout(legendOf(data), width).height + 6 },
  };
}

/** Lines with their bands; each with a mark of its own, so that none is told by its colour alone. */
export function linesDrawing(data: Lines, theme: Tokens): Drawing {
  return {
    height: (width) => heightOf(data, width),
    draw(pen, width, height) {
      drawLegend(pen, legendOf(data, theme), width, theme);
      const frame = drawAxes(pen, width, height, theme, axesOf(data, width));
      pen.save();
      pen.beginPath();
      pen.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
      pen.clip();
      data.lines.forEach((_, index) => {
        drawLine(pen, data, frame, index, theme);
      });
      pen.restore();
    },
  };
}

function drawLine(pen: Pen, { x: xs, lines, yLog }: Lines, frame: Frame, index: number, theme: Tokens): void {
  const { values, errors, dashed } = lines[index];
  const x = (i: number) => frame.x(xs[i]);
  const y = (value: number) => (yLog && value <= 0 ? frame.bottom + 10 : frame.y(value));
  pen.fillStyle = theme.series[index % 6];
  pen.strokeStyle = theme.series[index % 6];
  if (errors) {
    pen.globalAlpha = 0.2;
    fillBand(
      pen,
      x,
      (i) => y(values[i] - errors[i]),
      (i) => y(values[i] + errors[i]),
      values.length,
    );
    pen.globalAlpha = 1;
  }
  pen.lineWidth = 1.75;
  pen.setLineDash(dashed ? [5, 3] : []);
  strokeLine(pen, x, (i) => y(values[i]), values.length);
  pen.setLineDash([]);
  if (values.length > MARKED) return;
  for (let i = 0; i < values.length; i++)
    if (Number.isFinite(values[i])) drawMark(pen, MARKS[index % MARKS.length], x(i), y(values[i]), 3);
}

/** An upright line through all that is read off. */
export function markLines(pen: Pen, data: Lines, width: number, place: number, theme: Tokens): void {
  const frame = linesFrame(data, width);
  const x = frame.x(data.x[place]);
  pen.strokeStyle = theme.accent;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(x, frame.top);
  pen.lineTo(x, frame.bottom);
  pen.stroke();
}
