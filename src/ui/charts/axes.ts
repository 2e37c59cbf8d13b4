import type { Tokens } from '../shared/useTokens.ts';
import type { Pen } from './pen.ts';
import {
  equalScale,
  logTicks,
  logTickText,
  project,
  projectLog,
  type Range,
  type Ranges,
  ticks,
  tickText,
} from './scale.ts';

export interface Frame {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface AxesOptions {
  readonly xRange: Range;
  readonly yRange: Range;
  readonly xLabel: string;
  readonly yLabel: string;
  /** One scale for both axes: the range of one of them is widened. */
  readonly equal?: boolean;
  /** Logarithmic axes: their ranges are positive. */
  readonly xLog?: boolean;
  readonly yLog?: boolean;
  /** Room about the frame, px. */
  readonly margins?: Partial<Readonly<Record<'left' | 'right' | 'top' | 'bottom', number>>>;
}

const FONT = '11px system-ui, sans-serif';

/** Where the axes of a drawing of `width` × `height` px lie. */
export function axesFrame(width: number, height: number, options: AxesOptions): Frame & Ranges {
  const { xLog = false, yLog = false, margins } = options;
  const [left, right] = [margins?.left ?? 66, width - (margins?.right ?? 12)];
  const [top, bottom] = [margins?.top ?? 10, height - (margins?.bottom ?? 38)];
  const { xRange, yRange } = options.equal ? equalScale(options, right - left, bottom - top) : options;
  const x = (xLog ? projectLog : project)(xRange, left, right);
  const y = (yLog ? projectLog : project)(yRange, bottom, top);
  return { x, y, left, right, top, bottom, xRange, yRange };
}

/** Draws a frame with grid, ticks and labels in `width` × `height` CSS px and returns its scales. */
export function drawAxes(context: Pen, width: number, height: number, tokens: Tokens, options: AxesOptions): Frame {
  const { xLabel, yLabel, xLog = false, yLog = false } = options;
  const { x, y, left, right, top, bottom, xRange, yRange } = axesFrame(width, height, options);
  const xTicks = (xLog ? logTicks : ticks)(xRange, Math.max(2, (right - left) / 80));
  const yTicks = (yLog ? logTicks : ticks)(yRange, Math.max(2, (bottom - top) / 50));
  const words = (tick: number, all: readonly number[], log: boolean) =>
    log ? logTickText(tick) : tickText(tick, all[1] - all[0] || 1);
  context.font = FONT;
  context.lineWidth = 1;
  context.strokeStyle = tokens.grid;
  context.fillStyle = tokens.axis;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const tick of xTicks) {
    line(context, Math.round(x(tick)) + 0.5, top, Math.round(x(tick)) + 0.5, bottom);
    context.fillText(words(tick, xTicks, xLog), x(tick), bottom + 5);
  }
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const tick of yTicks) {
    line(context, left, Math.round(y(tick)) + 0.5, right, Math.round(y(tick)) + 0.5);
    context.fillText(words(tick, yTicks, yLog), left - 6, y(tick));
  }
  context.strokeStyle = tokens.line;
  context.strokeRect(left + 0.5, top + 0.5, right - left, bottom - top);
  context.fillStyle = tokens.inkSoft;
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.fillText(xLabel, (left + right) / 2, bottom + 37);
  context.save();
  context.translate(10, (top + bottom) / 2);
  context.rotate(-Math.PI / 2);
  context.textBaseline = 'middle';
  context.fillText(yLabel, 0, 0);
  context.restore();
  return { x, y, left, right, top, bottom };
}

/** Numbers along the lower edge of a small chart, about `apart` px from each other, those left out that would be cut. */
export function drawTicks(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  tokens: Tokens,
  { range, apart }: { readonly range: Range; readonly apart: number },
  x: (value: number) => number,
): void {
  context.fillStyle = tokens.axis;
  context.font = '10px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  const marks = ticks(range, Math.max(2, width / apart));
  for (const mark of marks) {
    const text = tickText(mark, marks[1] - marks[0] || 1);
    const half = context.measureText(text).width / 2;
    if (x(mark) > half && x(mark) < width - half) context.fillText(text, x(mark), height);
  }
}

function line(context: Pen, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/** Marks by index, so that no series is told by its colour alone. */
export const MARKS = ['circle', 'square', 'triangle', 'diamond', 'cross', 'plus'] as const;
export type Mark = (typeof MARKS)[number];

/** Adds a mark of radius `r` to the page; closed marks are filled, cross and plus are stroked. */
export function drawMark(context: Pen, mark: Mark, x: number, y: number, r: number): void {
  context.beginPath();
  if (mark === 'circle') context.arc(x, y, r, 0, 2 * Math.PI);
  else if (mark === 'square') context.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8);
  else if (mark === 'triangle') polygon(context, [x, y - r * 1.15, x + r, y + r * 0.8, x - r, y + r * 0.8]);
  else if (mark === 'diamond') polygon(context, [x, y - r * 1.2, x + r * 1.2, y, x, y + r * 1.2, x - r * 1.2, y]);
  else {
    const turn = mark === 'cross' ? Math.PI / 4 : 0;
    for (const angle of [turn, turn + Math.PI / 2]) {
      context.moveTo(x - r * Math.cos(angle), y - r * Math.sin(angle));
      context.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
    }
    context.stroke();
    return;
  }
  context.fill();
}

function polygon(context: Pen, points: readonly number[]): void {
  context.moveTo(points[0], points[1]);
  for (let i = 2; i < points.length; i += 2) context.lineTo(points[i], points[i + 1]);
  context.closePath();
}
