/**
 * The small stored problem that a device is tried on: one galaxy of level 0, four transitions. Its kernels are those of a level 0 run to
 * the letter, so what is compiled for the self-test need not be compiled for the first run.
 */
import { prepareShear, type ShearProblem } from './problem.ts';

export const SELF_TEST_TRANSITIONS = 4;
/** Every fourth pixel of every fourth row is stored; the kernel's loop is the same for all. */
const STRIDE = 4;
const SEED = 42;

/** The f64 twin's answers. Arrays over draws are [chain][transition], flattened. */
export interface StoredShear {
  /** Pixels of the model image at the last position of chain 0 (`storedPixels`). */
  readonly model: readonly number[];
  /** Largest change of that image over its peak when every parameter moves by one width. */
  readonly imagePerWidth: number;
  /** g1, g2, x, y: value of every draw. */
  readonly draws: readonly (readonly number[])[];
  /** Width of the posterior along each of them. */
  readonly widths: readonly number[];
  readonly energyError: readonly number[];
  readonly acceptance: readonly number[];
}

/**
 * Ten times level 0's noise: the posterior then differs from a Gaussian, so that energies do change. The stamp is simulated: engines
 * whose exponentials differ in the last bit move it by far less than is allowed.
 */
export function selfTestProblem(): ShearProblem {
  const params = {
    shearGrid: [0.02],
    g2: -0.01,
    realizations: 1,
    noiseSigma: 1,
    warmup: 0,
    draws: SELF_TEST_TRANSITIONS,
  };
  return prepareShear(params, SEED, {});
}

/** The pixels of a stamp, row-major [ny, nx], that are stored. */
export function storedPixels({ spec: { nx, ny } }: ShearProblem, image: ArrayLike<number>): number[] {
  const pixels: number[] = [];
  for (let y = 0; y < ny; y += STRIDE) for (let x = 0; x < nx; x += STRIDE) pixels.push(image[y * nx + x]);
  return pixels;
}
