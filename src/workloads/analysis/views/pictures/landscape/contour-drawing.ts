import { contours } from 'd3-contour';
import { type AxesOptions, axesFrame, drawAxes, drawMark, type Frame } from '../../../../../ui/charts/axes.ts';
import { BAR_HEIGHT, drawColourBar } from '../../../../../ui/charts/colour-bar.ts';
import { colourOf } from '../../../../../ui/charts/colour-scale.ts';
import { type Drawing, fontOf, type Pen, textWidth } from '../../../../../ui/charts/pen.ts';
import { logTickText } from '../../../../../ui/charts/scale.ts';
import { plain } from '../../../../../ui/format.ts';
import type { Tokens } from '../../../../../ui/shared/useTokens.ts';
import { type Field, levelsOf } from './field.ts';

const LEVELS = 11;
/** px */
const LARGEST = 520;
/** From one contour's height to the next, and to the centre's mark. */
const LEVEL_ROOM = 34;
const MARGINS = { left: 58, right: 10, top: 8, bottom: 38 };

/** Side of the square that the plane is drawn in, px. */
const sideOf = (width: number) => Math.max(40, Math.min(width, LARGEST) - MARGINS.left - MARGINS.right);

const sizeOf = (width: number) => ({
  across: sideOf(width) + MARGINS.left + MARGINS.right,
  down: sideOf(width) + MARGINS.top + MARGINS.bottom,
});

function axesOf({ alpha, beta, axes }: Field): AxesOptions {
  return {
    xRange: { min: alpha[0], max: alpha[alpha.length - 1] },
    yRange: { min: beta[0], max: beta[beta.length - 1] },
    xLabel: axes[0],
    yLabel: axes[1],
    margins: MARGINS,
  };
}

export function contourFrame(field: Field, width: number): Frame {
  const { across, down } = sizeOf(width);
  return axesFrame(across, down, axesOf(field));
}

/** Loss as bands of colour between contours, with the path in the colours of its own loss. */
export function contourDrawing(field: Field, theme: Tokens): Drawing {
  const regions = regionsOf(field);
  return {
    height: (width) => sizeOf(width).down + 8 + BAR_HEIGHT,
    reach: (width) => sizeOf(width).across,
    draw(pen, width) {
      const { across, down } = sizeOf(width);
      const frame = drawAxes(pen, across, down, theme, axesOf(field));
      pen.save();
      pen.beginPath();
      pen.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
      pen.clip();
      drawRegions(pen, field, regions, frame);
      drawCentre(pen, frame);
      drawPath(pen, field, frame, theme);
      pen.restore();
      const bar = { x: MARGINS.left, y: down + 8, width: width - MARGINS.left };
      drawColourBar(pen, bar, field.colouring, theme, field.log ? 'loss, by logarithm' : 'loss');
    },
  };
}

interface Region {
  readonly level: number;
  /** Of the band above the level. */
  readonly colour: string;
  /** [ring][point], each point in places of the grid: 0 is the first. */
  readonly rings: readonly (readonly (readonly [x: number, y: number])[])[];
}

/** The ground and what lies above each contour, from the lowest up: each is drawn over those before it. */
export function regionsOf(field: Field): Region[] {
  const { alpha, beta, loss, colouring } = field;
  const trace = contours().size([alpha.length, beta.length]);
  const levels = levelsOf(field, LEVELS);
  return levels.map((level, i) => {
    const next = levels[i + 1] ?? colouring.max;
    const { coordinates } = trace.contour(Array.from(loss), level);
    const rings = coordinates.flat().map((ring) => ring.map(([x, y]) => [x - 0.5, y - 0.5] as const));
    return { level, rings, colour: colourOf(colouring, middle(level, next, colouring.log))! };
  });
}

const middle = (a: number, b: number, log: boolean) => (log ? Math.sqrt(a * b) : (a + b) / 2);

/** Value at a place of ascending ones, extended beyond its ends. */
function along(values: ArrayLike<number>, place: number): number {
  const i = Math.max(0, Math.min(values.length - 2, Math.floor(place)));
  return values[i] + (place - i) * (values[i + 1] - values[i]);
}

function drawRegions(pen: Pen, field: Field, regions: readonly Region[], frame: Frame): void {
  const { alpha, beta, colouring } = field;
  const lowest = middle(colouring.min, regions[0].level, colouring.log);
  pen.fillStyle = colourOf(colouring, lowest)!;
  pen.fillRect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
  const place = ([x, y]: readonly [number, number]) => [frame.x(along(alpha, x)), frame.y(along(beta, y))] as const;
  pen.strokeStyle = '#000000';
  pen.lineWidth = 0.75;
  for (const { colour, rings } of regions) {
    pen.beginPath();
    for (const ring of rings) {
      ring.forEach((point, i) => {
        const [x, y] = place(point);
        if (i === 0) pen.moveTo(x, y);
        else pen.lineTo(x, y);
      });
      pen.closePath();
    }
    pen.fillStyle = colour;
    pen.fill('evenodd');
    pen.globalAlpha = 0.45;
    pen.stroke();
    pen.globalAlpha = 1;
  }
  const written: (readonly [number, number])[] = [[frame.x(0), frame.y(0)]];
  for (const region of regions.filter((_, i) => i % 2 === 0)) drawLevel(pen, region, frame, place, field.log, written);
}

/** Writes a contour's height once, where it is farthest from all that are written already; not at all where that is near. */
function drawLevel(
  pen: Pen,
  { level, rings, colour }: Region,
  frame: Frame,
  place: (point: readonly [number, number]) => readonly [number, number],
  log: boolean,
  written: (readonly [number, number])[],
): void {
  const text = log ? logTickText(Number(level.toPrecision(2))) : plain(level, 3);
  const half = textWidth(text, 10) / 2 + 3;
  const inside = rings
    .flat()
    .map(place)
    .filter(([x, y]) => x > frame.left + half && x < frame.right - half && y > frame.top + 9 && y < frame.bottom - 9);
  const room = ([x, y]: readonly [number, number]) => Math.min(...written.map(([a, b]) => Math.hypot(x - a, y - b)));
  let best: readonly [number, number] | undefined;
  let most = LEVEL_ROOM;
  for (const point of inside) if (room(point) > most) [best, most] = [point, room(point)];
  if (!best) return;
  written.push(best);
  const [x, y] = best;
  pen.fillStyle = colour;
  pen.fillRect(x - half, y - 7, 2 * half, 14);
  pen.font = fontOf(10);
  pen.fillStyle = darkInk(colour) ? '#000000' : '#ffffff';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(text, x, y);
}

/** Whether black reads better than white on a colour of cividis: its yellow half. */
const darkInk = (colour: string) => Number.parseInt(colour.slice(3, 5), 16) > 118;

function drawCentre(pen: Pen, frame: Frame): void {
  for (const [width, colour] of [
    [4, '#ffffff'],
    [1.75, '#000000'],
  ] as const) {
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    drawMark(pen, 'plus', frame.x(0), frame.y(0), 7);
  }
}

/** The path's projection: a line, and each point in the colour of its own loss. */
function drawPath(pen: Pen, { path, colouring }: Field, frame: Frame, theme: Tokens): void {
  if (path.length === 0) return;
  const at = path.map(({ alpha, beta }) => [frame.x(alpha), frame.y(beta)] as const);
  for (const [width, colour] of [
    [4, '#ffffff'],
    [1.5, '#000000'],
  ] as const) {
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.beginPath();
    at.forEach(([x, y], i) => {
      if (i === 0) pen.moveTo(x, y);
      else pen.lineTo(x, y);
    });
    pen.stroke();
  }
  path.forEach(({ loss }, i) => {
    drawPathPoint(pen, at[i][0], at[i][1], colourOf(colouring, loss) ?? theme.well);
  });
  for (const i of new Set([0, path.length - 1])) {
    const [x, y] = at[i];
    const wide = textWidth(path[i].label, 11) + 8;
    const left = x + 9 + wide > frame.right ? x - 9 - wide : x + 9;
    pen.fillStyle = theme.panel;
    pen.globalAlpha = 0.85;
    pen.fillRect(left, y - 8, wide, 16);
    pen.globalAlpha = 1;
    pen.font = fontOf(11, 600);
    pen.fillStyle = theme.ink;
    pen.textAlign = 'left';
    pen.textBaseline = 'middle';
    pen.fillText(path[i].label, left + 4, y);
  }
}

export function drawPathPoint(pen: Pen, x: number, y: number, colour: string): void {
  pen.fillStyle = colour;
  pen.strokeStyle = '#ffffff';
  pen.lineWidth = 3;
  pen.beginPath();
  pen.arc(x, y, 5, 0, 2 * Math.PI);
  pen.stroke();
  pen.fill();
  pen.strokeStyle = '#000000';
  pen.lineWidth = 1.25;
  pen.stroke();
}
