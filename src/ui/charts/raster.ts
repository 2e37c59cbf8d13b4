/** Fields of coloured squares: as an image on a canvas, as paths in a file. */
import type { Pen } from './pen.ts';

export interface Raster {
  readonly x: number;
  readonly y: number;
  /** CSS px. */
  readonly width: number;
  readonly height: number;
  /** Squares across and down; the first row is on top. */
  readonly nx: number;
  readonly ny: number;
  /** [ny][nx][4]; what is transparent is not drawn. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  /** Distance between neighbours, px; for few large squares. */
  readonly gap: number;
}

/** Draws on either ground. */
export function drawRaster(pen: Pen & { readonly raster?: (raster: Raster) => void }, raster: Raster): void {
  if (pen.raster) pen.raster(raster);
  else if (raster.gap > 0) drawSquares(pen, raster);
  else drawImage(pen as CanvasRenderingContext2D, raster);
}

function drawImage(context: CanvasRenderingContext2D, { x, y, width, height, nx, ny, rgba }: Raster): void {
  const image = document.createElement('canvas');
  image.width = nx;
  image.height = ny;
  image.getContext('2d')!.putImageData(new ImageData(rgba, nx, ny), 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(image, x, y, width, height);
}

function drawSquares(pen: Pen, raster: Raster): void {
  for (const run of runsOf(raster)) {
    pen.fillStyle = run.colour;
    for (let i = 0; i < run.boxes.length; i += 4)
      pen.fillRect(run.boxes[i], run.boxes[i + 1], run.boxes[i + 2], run.boxes[i + 3]);
  }
}

export interface Run {
  /** "#rrggbb" */
  readonly colour: string;
  /** x, y, width, height of each box, px. */
  readonly boxes: readonly number[];
}

/** Squares by colour; without a gap, neighbours of one colour in a row are one box. */
export function runsOf({ x, y, width, height, nx, ny, rgba, gap }: Raster): Run[] {
  const byColour = new Map<number, number[]>();
  const [w, h] = [width / nx, height / ny];
  const colourAt = (at: number) =>
    rgba[4 * at + 3] === 0 ? -1 : (rgba[4 * at] << 16) | (rgba[4 * at + 1] << 8) | rgba[4 * at + 2];
  for (let row = 0; row < ny; row++)
    for (let column = 0; column < nx; ) {
      const colour = colourAt(row * nx + column);
      let end = column + 1;
      while (gap === 0 && end < nx && colourAt(row * nx + end) === colour) end++;
      if (colour >= 0) {
        const boxes = byColour.get(colour);
        const box = [x + column * w + gap / 2, y + row * h + gap / 2, (end - column) * w - gap, h - gap];
        if (boxes) boxes.push(...box);
        else byColour.set(colour, box);
      }
      column = end;
    }
  return [...byColour].map(([colour, boxes]) => ({ colour: `#${colour.toString(16).padStart(6, '0')}`, boxes }));
}
