import { BAR_HEIGHT, drawColourBar } from '../../../../../ui/charts/colour-bar.ts';
import { colourOf } from '../../../../../ui/charts/colour-scale.ts';
import { type Drawing, fontOf, type Pen } from '../../../../../ui/charts/pen.ts';
import { plain } from '../../../../../ui/format.ts';
import type { Tokens } from '../../../../../ui/shared/useTokens.ts';
import { drawPathPoint } from './contour-drawing.ts';
import { type Field, heightOf, lossAt } from './field.ts';
import { type Seen, see, type Turn } from './projection.ts';

/** Height of the highest loss, where the plane reaches from −1 to 1. */
const TALL = 1.1;
/** Room about the surface for words, px. */
const ROOM = 14;
const LARGEST = 500;
/** Across that the surface takes at most, px. */
const WIDEST = 640;

/** However it is turned, the surface has room: nothing moves but itself. */
function viewOf(width: number) {
  const across = Math.min(width, WIDEST);
  const height = Math.min(across * 0.86, LARGEST);
  // Turned to its corners and tilted at its worst, half the surface is so long.
  const [half, up] = [Math.SQRT2, Math.hypot(Math.SQRT2, TALL / 2)];
  const unit = Math.min((across / 2 - 2 * ROOM) / half, (height / 2 - ROOM) / up);
  return { height, unit, x: across / 2, y: height / 2 };
}

/** The loss as a surface, turned; its mesh in the colours of the contours, the path at the height of its own loss. */
export function surfaceDrawing(field: Field, turn: Turn, theme: Tokens): Drawing {
  return {
    height: (width) => viewOf(width).height + BAR_HEIGHT,
    reach: (width) => 2 * viewOf(width).x,
    draw(pen, width) {
      const view = viewOf(width);
      const at = ({ x, y }: Seen) => [view.x + view.unit * x, view.y - view.unit * y] as const;
      const place = (x: number, y: number, z: number) => at(see(turn, x, y, (z - 0.5) * TALL));
      drawBase(pen, place, theme);
      drawMesh(pen, field, turn, at, theme);
      drawNames(pen, field, turn, place, theme);
      drawHeights(pen, field, turn, place, theme);
      drawPath(pen, field, place, theme);
      const bar = { x: 0, y: view.height, width };
      drawColourBar(pen, bar, field.colouring, theme, field.log ? 'loss, by logarithm' : 'loss');
    },
  };
}

type Place = (x: number, y: number, z: number) => readonly [number, number];

/** −1 … 1 for the ends of an axis. */
function unitOf(values: ArrayLike<number>, value: number): number {
  const [first, last] = [values[0], values[values.length - 1]];
  return (2 * (value - first)) / (last - first) - 1;
}

function polygon(pen: Pen, points: readonly (readonly [number, number])[]): void {
  pen.beginPath();
  points.forEach(([x, y], i) => {
    if (i === 0) pen.moveTo(x, y);
    else pen.lineTo(x, y);
  });
  pen.closePath();
}

interface Quad {
  readonly depth: number;
  readonly points: readonly Seen[];
  readonly loss: number;
}

/** The mesh from the farthest to the nearest. */
export function quadsOf(field: Field, turn: Turn): Quad[] {
  const { alpha, beta, loss } = field;
  const nx = alpha.length;
  const seen = Array.from(loss, (value, at) =>
    see(
      turn,
      unitOf(alpha, alpha[at % nx]),
      unitOf(beta, beta[Math.floor(at / nx)]),
      (heightOf(field, value) - 0.5) * TALL,
    ),
  );
  const quads: Quad[] = [];
  for (let j = 0; j + 1 < beta.length; j++)
    for (let i = 0; i + 1 < nx; i++) {
      const corners = [j * nx + i, j * nx + i + 1, (j + 1) * nx + i + 1, (j + 1) * nx + i];
      quads.push({
        depth: mean(corners.map((corner) => seen[corner].depth)),
        points: corners.map((corner) => seen[corner]),
        loss: meanLoss(field, corners),
      });
    }
  return quads.sort((a, b) => b.depth - a.depth);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** By logarithm where the picture goes by it: the colour then lies in the middle of the corners' colours. */
function meanLoss({ loss, log }: Field, corners: readonly number[]): number {
  const values = corners.map((corner) => loss[corner]);
  return log ? Math.exp(mean(values.map(Math.log))) : mean(values);
}

function drawMesh(
  pen: Pen,
  field: Field,
  turn: Turn,
  at: (seen: Seen) => readonly [number, number],
  theme: Tokens,
): void {
  pen.lineJoin = 'round';
  pen.lineWidth = 0.6;
  for (const { points, loss } of quadsOf(field, turn)) {
    polygon(pen, points.map(at));
    pen.fillStyle = colourOf(field.colouring, loss) ?? theme.well;
    pen.fill();
    pen.strokeStyle = '#000000';
    pen.globalAlpha = 0.35;
    pen.stroke();
    pen.globalAlpha = 1;
  }
}

/** The plane below the surface. */
function drawBase(pen: Pen, place: Place, theme: Tokens): void {
  polygon(pen, [place(-1, -1, 0), place(1, -1, 0), place(1, 1, 0), place(-1, 1, 0)]);
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1;
  pen.stroke();
}

/** Names of the axes, each at the edge of the plane that is nearer. */
function drawNames(pen: Pen, { axes }: Field, turn: Turn, place: Place, theme: Tokens): void {
  const near = (x: number, y: number) => (see(turn, x, y, 0).depth < 0 ? 1 : -1);
  const [alphaSide, betaSide] = [near(0, 1), near(1, 0)];
  pen.font = fontOf(11, 600);
  pen.fillStyle = theme.inkSoft;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  const short = (name: string) => name.split(' ')[0];
  pen.fillText(short(axes[0]), ...place(0, 1.14 * alphaSide, 0));
  pen.fillText(short(axes[1]), ...place(1.14 * betaSide, 0, 0));
}

/** Heights along the corner that is farthest to the left. */
function drawHeights(pen: Pen, { colouring }: Field, turn: Turn, place: Place, theme: Tokens): void {
  const corners: readonly (readonly [number, number])[] = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ];
  const left = ([cx, cy]: readonly [number, number]) => see(turn, cx, cy, 0).x;
  const [x, y] = corners.reduce((best, corner) => (left(corner) < left(best) ? corner : best));
  const [foot, head] = [place(x, y, 0), place(x, y, 1)];
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(...foot);
  pen.lineTo(...head);
  pen.stroke();
  if (foot[1] - head[1] < 30) return;
  pen.font = fontOf(10);
  pen.fillStyle = theme.axis;
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  for (const [value, [px, py]] of [
    [colouring.min, foot],
    [colouring.max, head],
  ] as const)
    pen.fillText(plain(value, 3), Math.max(0, px - 34), py);
}

/** Each point at the height of its own loss, with a stem to the surface that it is projected on. */
function drawPath(pen: Pen, field: Field, place: Place, theme: Tokens): void {
  const { path, alpha, beta, colouring } = field;
  const at = path.map((point) => {
    const [x, y] = [unitOf(alpha, point.alpha), unitOf(beta, point.beta)];
    return {
      top: place(x, y, heightOf(field, point.loss)),
      foot: place(x, y, heightOf(field, lossAt(field, point.alpha, point.beta))),
      colour: colourOf(colouring, point.loss) ?? theme.well,
    };
  });
  for (const [width, colour] of [
    [3.5, '#ffffff'],
    [1.5, '#000000'],
  ] as const) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    at.forEach(({ top }, i) => {
      if (i === 0) pen.moveTo(...top);
      else pen.lineTo(...top);
    });
    for (const { top, foot } of at) {
      pen.moveTo(...foot);
      pen.lineTo(...top);
    }
    pen.stroke();
  }
  for (const { top, colour } of at) drawPathPoint(pen, top[0], top[1], colour);
}
