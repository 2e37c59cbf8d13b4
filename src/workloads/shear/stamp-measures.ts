/** What stamps say of themselves before anything is fitted: noise and level of their borders, light, and where the brightest part lies. */
import type { ImageStack } from '../../bundle/images.ts';

export interface Measured {
  readonly value: number;
  /** One standard error. */
  readonly error: number;
}

export interface StampMeasures {
  /** How many stamps were measured, evenly spread over all. */
  readonly stamps: number;
  /** Pixels of the outermost frames, all stamps together: robust standard deviation about each stamp's own level, and that level. */
  readonly noise: Measured;
  readonly level: Measured;
  /** Mean over stamps of the sum of all pixels above the level. */
  readonly light: Measured;
  /** Largest distance of a stamp's brightest 3 × 3 pixels from its centre along one axis, in pixels. */
  readonly farthestPx: number;
}

/** Stamps measured at most: a plan is asked for while somebody types. */
const MOST_STAMPS = 256;
/** The frame is this part of the shorter side wide, two pixels at least. */
const FRAME_PART = 1 / 12;
/** Standard deviation of a normal distribution over its median absolute deviation, 1/Φ⁻¹(3/4). */
const SIGMAS_OF_MAD = 1.4826;
/** Asymptotic efficiencies on normal noise: of that deviation (Rousseeuw & Croux 1993, J. Am. Stat. Assoc. 88, 1273), and of the median, 2/π. */
const EFFICIENCY = { mad: 0.37, median: 2 / Math.PI };

const known = new WeakMap<ImageStack, StampMeasures>();

/** Measured once a stack. */
export function measureStamps(images: ImageStack): StampMeasures {
  const found = known.get(images) ?? measure(images);
  known.set(images, found);
  return found;
}

function measure({ n, ny, nx, pixels }: ImageStack): StampMeasures {
  const stamps = Math.min(n, MOST_STAMPS);
  const frame = frameOf(ny, nx);
  const levels: number[] = [];
  const sums: number[] = [];
  const deviations: number[] = [];
  let farthestPx = 0;
  for (let k = 0; k < stamps; k++) {
    const at = Math.floor((k * n) / stamps) * ny * nx;
    const stamp = pixels.subarray(at, at + ny * nx);
    const border = frame.map((i) => stamp[i]);
    const level = median(border);
    levels.push(level);
    for (const value of border) deviations.push(Math.abs(value - level));
    sums.push(stamp.reduce((sum, value) => sum + value - level, 0));
    const [x, y] = brightest(stamp, ny, nx);
    farthestPx = Math.max(farthestPx, Math.abs(x - nx / 2), Math.abs(y - ny / 2));
  }
  const count = deviations.length;
  const sigma = SIGMAS_OF_MAD * median(deviations);
  const level = mean(levels);
  const light = mean(sums);
  return {
    stamps,
    noise: { value: sigma, error: sigma / Math.sqrt(2 * EFFICIENCY.mad * count) },
    level: { value: level, error: sigma / Math.sqrt(EFFICIENCY.median * count) },
    // The level's own error counts in every pixel.
    light: { value: light, error: (sigma * Math.sqrt(nx * ny * (1 + (nx * ny) / frame.length))) / Math.sqrt(stamps) },
    farthestPx,
  };
}

/** Indices of the pixels of the outermost frame. */
function frameOf(ny: number, nx: number): number[] {
  const width = Math.max(2, Math.round(Math.min(ny, nx) * FRAME_PART));
  const inside = (i: number, length: number) => i >= width && i < length - width;
  return Array.from({ length: ny * nx }, (_, i) => i).filter(
    (i) => !(inside(Math.floor(i / nx), ny) && inside(i % nx, nx)),
  );
}

/** Centre of the brightest 3 × 3 pixels, from the lower left corner: pixel i covers [i, i + 1]. */
function brightest(stamp: Float32Array, ny: number, nx: number): [number, number] {
  let [best, x, y] = [Number.NEGATIVE_INFINITY, 0, 0];
  for (let row = 1; row < ny - 1; row++) {
    for (let column = 1; column < nx - 1; column++) {
      let sum = 0;
      for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) sum += stamp[(row + dy) * nx + column + dx];
      if (sum > best) [best, x, y] = [sum, column + 0.5, row + 0.5];
    }
  }
  return [x, y];
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
