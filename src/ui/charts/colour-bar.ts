import { plain } from '../format.ts';
import type { Tokens } from '../shared/useTokens.ts';
import type { Colouring } from './colour-scale.ts';
import { type Drawing, fitText, fontOf, type Pen, textWidth } from './pen.ts';
import { drawRaster } from './raster.ts';
import { logTicks, logTickText, project, projectLog, ticks, tickText } from './scale.ts';

/** px */
export const BAR_HEIGHT = 46;
const LABEL_ROOM = 16;
const THICK = 10;
const LONGEST = 240;
const PX = 10;

/** Which colour stands for which value: what it is of, a bar, its ticks. */
export function drawColourBar(
  pen: Pen,
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
  colouring: Colouring,
  theme: Tokens,
  label: string,
): void {
  const long = Math.min(LONGEST, width);
  const top = y + LABEL_ROOM;
  pen.fillStyle = theme.inkSoft;
  pen.font = fontOf(11);
  pen.textAlign = 'left';
  pen.textBaseline = 'top';
  pen.fillText(fitText(label, 11, width), x, y);
  const rgba = new Uint8ClampedArray(colouring.map);
  drawRaster(pen, { x, y: top, width: long, height: THICK, nx: 256, ny: 1, rgba, gap: 0 });
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1;
  pen.strokeRect(x + 0.5, top + 0.5, long - 1, THICK - 1);
  pen.font = fontOf(PX);
  pen.fillStyle = theme.axis;
  pen.textBaseline = 'top';
  const at = (colouring.log ? projectLog : project)(colouring, x, x + long);
  for (const { text, x: place, align } of barTicks(colouring, x, long, at)) {
    pen.textAlign = align;
    pen.fillText(text, place, top + THICK + 4);
  }
}

/** How far a colour bar with its words reaches, px. */
export const barReach = (width: number, label: string): number =>
  Math.min(width, Math.max(LONGEST, textWidth(label, 11)));

interface BarTick {
  readonly text: string;
  readonly x: number;
  readonly align: 'left' | 'center' | 'right';
}

/** Both ends, and round numbers between them where there is room. */
function barTicks(colouring: Colouring, x: number, long: number, at: (value: number) => number): BarTick[] {
  const { min, max, log } = colouring;
  const ends: BarTick[] = [
    { text: plain(min, 2), x, align: 'left' },
    { text: plain(max, 2), x: x + long, align: 'right' },
  ];
  const [from, to] = ends.map(({ text }) => textWidth(text, PX));
  const marks = (log ? logTicks : ticks)(colouring, long / 60);
  const texts = marks.map((mark) => (log ? logTickText(mark) : tickText(mark, marks[1] - marks[0] || 1)));
  const between = marks.flatMap((mark, i): BarTick[] => {
    const half = textWidth(texts[i], PX) / 2 + 6;
    const inside = at(mark) - half > x + from && at(mark) + half < x + long - to;
    return inside ? [{ text: texts[i], x: at(mark), align: 'center' }] : [];
  });
  return [...ends, ...between];
}

/** A colour bar alone. */
export const colourBarDrawing = (colouring: Colouring, theme: Tokens, label: string): Drawing => ({
  height: () => BAR_HEIGHT,
  draw: (pen, width) => drawColourBar(pen, { x: 0, y: 0, width }, colouring, theme, label),
});
