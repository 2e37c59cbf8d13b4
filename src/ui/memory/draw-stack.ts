/** Draws bytes over the batch size: stacked buffers, the largest binding's own line, caps across, marks upright. */
import { shortBytes } from '../format.ts';
import type { Tokens } from '../shared/useTokens.ts';
import { at, type Stack } from './layers.ts';

/** A limit in bytes, drawn across. */
export interface ByteLine {
  /** What is limited to these bytes. */
  readonly labels: readonly string[];
  readonly bytes: number;
}

/** A batch size, drawn upright. */
export interface ChunkMark {
  readonly label: string;
  readonly chunk: number;
  readonly strong?: boolean;
}

export interface StackPicture {
  readonly stack: Stack;
  /** Right end of the axis, a power of two. */
  readonly last: number;
  readonly lines: readonly ByteLine[];
  readonly marks: readonly ChunkMark[];
  readonly xLabel: string;
}

const FONT = '11px system-ui, sans-serif';
const LINE_HEIGHT = 14;

export function drawStack(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  tokens: Tokens,
  { stack, last, lines, marks, xLabel }: StackPicture,
): void {
  const shown = [...new Set([...stack.chunks.filter((chunk) => chunk <= last), last])];
  const shownMarks = marks.filter(({ chunk }) => chunk >= 1 && chunk <= last);
  const highest = at(stack, stack.total, last);
  // Lines a little above the stack still belong to the picture; those far above would flatten it.
  const near = lines.filter(({ bytes }) => bytes <= highest * 1.5);
  const top = 6 + LINE_HEIGHT * shownMarks.length;
  const [left, right, bottom] = [70, width - 26, height - 38];
  const most = 1.06 * Math.max(highest, ...near.map(({ bytes }) => bytes));
  const x = (chunk: number) => left + (Math.log2(chunk) / Math.log2(last)) * (right - left);
  const y = (bytes: number) => bottom - (bytes / most) * (bottom - top);
  context.font = FONT;

  // Grid.
  context.strokeStyle = tokens.grid;
  context.fillStyle = tokens.axis;
  context.lineWidth = 1;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  const step = byteStep(most, Math.max(2, (bottom - top) / 45));
  for (let bytes = 0; bytes <= most; bytes += step) {
    stroke(context, [left, Math.round(y(bytes)) + 0.5, right, Math.round(y(bytes)) + 0.5]);
    context.fillText(shortBytes(bytes).replace('.0 ', ' '), left - 6, y(bytes));
  }
  context.textAlign = 'center';
  context.textBaseline = 'top';
  const every = Math.max(1, Math.ceil((Math.log2(last) * 46) / (right - left)));
  for (let power = 0; 2 ** power <= last; power += every) {
    stroke(context, [Math.round(x(2 ** power)) + 0.5, top, Math.round(x(2 ** power)) + 0.5, bottom]);
    context.fillText((2 ** power).toLocaleString('en-US'), x(2 ** power), bottom + 5);
  }

  // Layers, each between the sum of those below and its own top.
  let below = shown.map(() => 0);
  for (const [i, layer] of stack.layers.entries()) {
    const above = shown.map((chunk, k) => below[k] + at(stack, layer.bytes, chunk));
    context.beginPath();
    for (const [k, chunk] of shown.entries()) context.lineTo(x(chunk), y(above[k]));
    for (let k = shown.length - 1; k >= 0; k--) context.lineTo(x(shown[k]), y(below[k]));
    context.closePath();
    context.fillStyle = tokens.series[i];
    context.fill();
    context.strokeStyle = tokens.panel;
    context.stroke();
    below = above;
  }
  context.beginPath();
  context.setLineDash([2, 3]);
  context.lineWidth = 2;
  context.strokeStyle = tokens.ink;
  for (const chunk of shown) context.lineTo(x(chunk), y(at(stack, stack.largestBinding, chunk)));
  context.stroke();
  context.lineWidth = 1;

  // Marks: each has a line of text of its own above the picture.
  for (const [i, { label, chunk, strong }] of shownMarks.entries()) {
    const [place, row] = [x(chunk), 4 + LINE_HEIGHT * (i + 1)];
    context.strokeStyle = strong ? tokens.accent : tokens.axis;
    context.lineWidth = strong ? 2 : 1;
    context.setLineDash(strong ? [] : [3, 3]);
    stroke(context, [place, row - 4, place, bottom]);
    context.setLineDash([]);
    context.lineWidth = 1;
    const leftwards = place > (left + right) / 2;
    context.textAlign = leftwards ? 'right' : 'left';
    text(context, tokens, label, place + (leftwards ? -5 : 5), row, strong ? tokens.accent : tokens.ink);
  }
  // Caps: the label stands above its line, at the left, where the stack is low.
  context.textAlign = 'left';
  let free = Number.POSITIVE_INFINITY;
  for (const { labels, bytes } of [...near].sort((a, b) => a.bytes - b.bytes)) {
    context.setLineDash([7, 4]);
    context.strokeStyle = tokens.bad;
    stroke(context, [left, y(bytes), right, y(bytes)]);
    let baseline = Math.min(y(bytes) - 2, free);
    const whole = `${labels.join(', ')}: ${shortBytes(bytes)}`;
    const fits = context.measureText(whole).width < 0.7 * (right - left);
    for (const label of fits ? [whole] : labels.map((each) => `${each}: ${shortBytes(bytes)}`)) {
      text(context, tokens, label, left + 6, baseline, tokens.bad);
      baseline -= LINE_HEIGHT;
    }
    free = baseline;
  }
  context.setLineDash([]);

  context.strokeStyle = tokens.line;
  context.strokeRect(left + 0.5, top + 0.5, right - left, bottom - top);
  context.fillStyle = tokens.inkSoft;
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.fillText(xLabel, (left + right) / 2, height - 1);
}

/** Text with the page's ground around it, so that it reads on lines and layers. */
function text(
  context: CanvasRenderingContext2D,
  tokens: Tokens,
  label: string,
  x: number,
  y: number,
  ink: string,
): void {
  context.textBaseline = 'bottom';
  context.setLineDash([]);
  context.strokeStyle = tokens.panel;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeText(label, x, y);
  context.lineWidth = 1;
  context.fillStyle = ink;
  context.fillText(label, x, y);
}

/** The power of two of bytes that gives at most `count` ticks. */
function byteStep(most: number, count: number): number {
  return 2 ** Math.ceil(Math.log2(most / count));
}

function stroke(context: CanvasRenderingContext2D, [x0, y0, x1, y1]: readonly [number, number, number, number]): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
