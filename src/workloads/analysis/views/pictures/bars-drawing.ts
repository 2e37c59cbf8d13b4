import { drawLegend, legendLayout } from '../../../../ui/charts/legend.ts';
import { type Drawing, fitText, fontOf, type Pen, textWidth } from '../../../../ui/charts/pen.ts';
import {
  logTicks,
  logTickText,
  project,
  projectLog,
  type Range,
  ticks,
  tickText,
} from '../../../../ui/charts/scale.ts';
import { plain } from '../../../../ui/format.ts';
import type { Tokens } from '../../../../ui/shared/useTokens.ts';
import type { BarsByTensorProps } from './props.ts';

export type Bars = Pick<BarsByTensorProps, 'names' | 'series' | 'axis' | 'marks'> & { readonly log: boolean };

/** px */
const PX = 11;
const AXIS = 22;
const TITLE = 18;
const VALUE_ROOM = 56;
const BAR = 9;
const LONE_BAR = 12;
const APART = 6;
const MARK = 14;

export interface BarsLayout {
  /** Of the names. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Of a name with its bars, px. */
  readonly line: number;
  readonly bar: number;
  readonly x: (value: number) => number;
  readonly range: Range;
}

export function barsLayout(bars: Bars, width: number): BarsLayout {
  const longest = bars.names.reduce((most, name) => Math.max(most, textWidth(name, PX)), 0);
  // A pixel more than the name takes: sums of widths are rounded.
  const left = Math.min(width * 0.42, longest + 9);
  const right = width - VALUE_ROOM;
  const bar = bars.series.length === 1 ? LONE_BAR : BAR;
  const line = bar * bars.series.length + APART;
  const top = legendHeight(bars, width) + AXIS;
  const range = barsRange(bars);
  return {
    left,
    right,
    top,
    bottom: top + line * bars.names.length,
    line,
    bar,
    range,
    x: (bars.log ? projectLog : project)(range, left, right),
  };
}

/** From zero, or by logarithm from the power of ten below the least to what the errors reach. */
export function barsRange({ series, marks = [], log }: Bars): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const take = (value: number) => {
    if (!Number.isFinite(value) || (log && value <= 0)) return;
    low = Math.min(low, value);
    high = Math.max(high, value);
  };
  for (const { values, errors } of series)
    for (let i = 0; i < values.length; i++) {
      take(values[i]);
      if (!errors || !Number.isFinite(errors[i])) continue;
      take(values[i] + errors[i]);
      if (!log) take(values[i] - errors[i]);
    }
  for (const { value } of marks) take(value);
  if (low > high) return log ? { min: 0.1, max: 1 } : { min: 0, max: 1 };
  if (log) return { min: 10 ** Math.floor(Math.log10(low) - 1e-9), max: high * 1.15 };
  const range = { min: Math.min(0, low), max: Math.max(0, high) };
  return range.max > range.min ? range : { min: 0, max: 1 };
}

/** Of the words below the marks. */
const markRoom = ({ marks = [] }: Bars) => (marks.length > 0 ? MARK : 0);

const legendHeight = (bars: Bars, width: number) =>
  bars.series.length > 1 ? legendLayout(itemsOf(bars), width).height : 0;

const itemsOf = ({ series }: Bars, theme?: Tokens) =>
  series.map(({ label }, i) => ({ label, colour: theme?.series[i] ?? '', mark: 'bar' }) as const);

/** Names at the left, a bar a series with its error, its value at the right. */
export function barsDrawing(bars: Bars, theme: Tokens): Drawing {
  return {
    height: (width) => barsLayout(bars, width).bottom + markRoom(bars) + TITLE,
    draw(pen, width) {
      const layout = barsLayout(bars, width);
      if (bars.series.length > 1) drawLegend(pen, itemsOf(bars, theme), width, theme);
      drawGrid(pen, bars, layout, theme);
      bars.names.forEach((name, i) => {
        drawName(pen, name, layout, i, theme);
        bars.series.forEach((_, s) => {
          drawBar(pen, bars, layout, i, s, theme);
        });
      });
      drawMarks(pen, bars, layout, theme);
      pen.font = fontOf(PX);
      pen.fillStyle = theme.inkSoft;
      pen.textAlign = 'center';
      pen.textBaseline = 'top';
      pen.fillText(bars.axis, (layout.left + layout.right) / 2, layout.bottom + markRoom(bars) + 3);
    },
  };
}

function drawGrid(pen: Pen, bars: Bars, { left, right, top, bottom, x, range }: BarsLayout, theme: Tokens): void {
  const marks = (bars.log ? logTicks : ticks)(range, Math.max(2, (right - left) / 80));
  pen.font = fontOf(PX);
  pen.textAlign = 'center';
  pen.textBaseline = 'bottom';
  pen.fillStyle = theme.axis;
  pen.strokeStyle = theme.grid;
  pen.lineWidth = 1;
  for (const mark of marks) {
    const at = Math.round(x(mark)) + 0.5;
    pen.beginPath();
    pen.moveTo(at, top);
    pen.lineTo(at, bottom);
    pen.stroke();
    pen.fillText(bars.log ? logTickText(mark) : tickText(mark, marks[1] - marks[0] || 1), at, top - 4);
  }
  pen.strokeStyle = theme.line;
  const zero = bars.log ? left : x(0);
  pen.beginPath();
  pen.moveTo(zero, top);
  pen.lineTo(zero, bottom);
  pen.stroke();
}

function drawName(pen: Pen, name: string, { left, top, line }: BarsLayout, i: number, theme: Tokens): void {
  pen.font = fontOf(PX);
  pen.fillStyle = theme.axis;
  pen.textAlign = 'right';
  pen.textBaseline = 'middle';
  pen.fillText(fitText(name, PX, left - 8, 'middle'), left - 6, top + (i + 0.5) * line);
}

function drawBar(pen: Pen, bars: Bars, layout: BarsLayout, i: number, s: number, theme: Tokens): void {
  const { values, errors } = bars.series[s];
  const { x, range, top, line, bar } = layout;
  const value = values[i];
  if (!Number.isFinite(value) || (bars.log && value <= 0)) return;
  const y = top + i * line + APART / 2 + s * bar;
  const [zero, end] = [x(bars.log ? range.min : 0), x(value)];
  pen.fillStyle = theme.series[s % theme.series.length];
  pen.fillRect(Math.min(zero, end), y, Math.max(1, Math.abs(end - zero)), bar - 1);
  let reach = Math.max(end, zero);
  const error = errors?.[i] ?? 0;
  if (error > 0) {
    const low = x(bars.log ? Math.max(range.min, value - error) : value - error);
    const high = x(value + error);
    const middle = y + (bar - 1) / 2;
    pen.strokeStyle = theme.ink;
    pen.lineWidth = 1.25;
    pen.beginPath();
    pen.moveTo(low, middle);
    pen.lineTo(high, middle);
    for (const cap of [low, high]) {
      pen.moveTo(cap, middle - 3);
      pen.lineTo(cap, middle + 3);
    }
    pen.stroke();
    reach = Math.max(reach, high);
  }
  pen.font = fontOf(10);
  pen.fillStyle = theme.inkSoft;
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.fillText(plain(value, 3), reach + 5, y + (bar - 1) / 2);
}

function drawMarks(pen: Pen, { marks = [] }: Bars, { top, bottom, x }: BarsLayout, theme: Tokens): void {
  pen.strokeStyle = theme.bad;
  pen.fillStyle = theme.bad;
  pen.font = fontOf(10);
  pen.textAlign = 'left';
  pen.textBaseline = 'top';
  pen.lineWidth = 1;
  for (const { label, value } of marks) {
    pen.setLineDash([4, 3]);
    pen.beginPath();
    pen.moveTo(x(value), top);
    pen.lineTo(x(value), bottom + MARK / 2);
    pen.stroke();
    pen.setLineDash([]);
    pen.fillText(label, x(value) + 3, bottom + 1);
  }
}

/** A line across the bars of a name. */
export function markBar(pen: Pen, bars: Bars, width: number, place: number, theme: Tokens): void {
  const { top, line } = barsLayout(bars, width);
  pen.globalAlpha = 0.12;
  pen.fillStyle = theme.accent;
  pen.fillRect(0, top + place * line, width, line);
  pen.globalAlpha = 1;
}
