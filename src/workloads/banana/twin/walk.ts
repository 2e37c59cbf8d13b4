/** The walk of one chain in f64. Twin of `shaders/banana/hmc.wgsl`, same names. */
import { normalQuantile } from '../../../stats/normal.ts';
import { threefry2x32, uniform01 } from '../../../stats/threefry.ts';
import type { BananaParams } from '../experiment.ts';

type Point = readonly [x: number, y: number];

const START = 0;
const MOMENTUM = 1;
const ACCEPT = 2;
const DIVERGENCE = 1000;

/** U(x, y) = x²/(2 a²) + (y + b x² − b a²)²/2. */
export function potential([x, y]: Point, { width, twist }: BananaParams): number {
  const residual = y + twist * (x * x - width * width);
  return 0.5 * ((x / width) ** 2 + residual ** 2);
}

export function gradient([x, y]: Point, { width, twist }: BananaParams): [number, number] {
  const residual = y + twist * (x * x - width * width);
  return [x / (width * width) + 2 * twist * x * residual, residual];
}

export class Walk {
  readonly #params: BananaParams;
  readonly #key: readonly [number, number];
  position: Point;

  /** @param seed of the item */
  constructor(params: BananaParams, seed: number, chain: number) {
    this.#params = params;
    this.#key = [seed, chain];
    const [x, y] = this.#normals(0, START);
    this.position = [2 * x, 2 * y];
  }

  /** One transition; what is kept of it. */
  transit(transition: number): number[] {
    const { stepSize, leapfrogs } = this.#params;
    let [px, py] = this.#normals(transition, MOMENTUM);
    const energy = potential(this.position, this.#params) + 0.5 * (px * px + py * py);
    let moved: Point = this.position;
    const kick = (share: number) => {
      const [gx, gy] = gradient(moved, this.#params);
      px -= share * stepSize * gx;
      py -= share * stepSize * gy;
    };
    kick(0.5);
    for (let i = 1; i <= leapfrogs; i++) {
      moved = [moved[0] + stepSize * px, moved[1] + stepSize * py];
      kick(i === leapfrogs ? 0.5 : 1);
    }
    const error = potential(moved, this.#params) + 0.5 * (px * px + py * py) - energy;
    const acceptance = error < DIVERGENCE ? Math.min(1, Math.exp(-error)) : 0;
    if (uniform01(threefry2x32(this.#key, [transition, ACCEPT])[0]) < acceptance) this.position = moved;
    const lp = -potential(this.position, this.#params);
    return [...this.position, lp, energy, error, acceptance, error < DIVERGENCE ? 0 : 1];
  }

  #normals(transition: number, purpose: number): [number, number] {
    const words = threefry2x32(this.#key, [transition, purpose]);
    return [normalQuantile(uniform01(words[0])), normalQuantile(uniform01(words[1]))];
  }
}
