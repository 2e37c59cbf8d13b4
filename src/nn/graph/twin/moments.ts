/** Sums over positions that debiased CKA is exact from (Σx̃ỹᵀ, Σx̃‖ỹ‖² …), carried from rows to rows. */
import type { Moments } from '../machine.ts';

export class MomentSums {
  readonly #x: Float64Array;
  readonly #y: Float64Array;
  readonly #products: Float64Array;
  readonly #xByNorm: Float64Array;
  readonly #yByNorm: Float64Array;
  #count = 0;
  #xNorm = 0;
  #yNorm = 0;
  #norms = 0;

  constructor(widthX: number, widthY: number) {
    this.#x = new Float64Array(widthX);
    this.#y = new Float64Array(widthY);
    this.#products = new Float64Array(widthX * widthY);
    this.#xByNorm = new Float64Array(widthX);
    this.#yByNorm = new Float64Array(widthY);
  }

  add(x: Float64Array, y: Float64Array): void {
    const [xx, yy] = [x, y].map((numbers) => numbers.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < x.length; i++) {
      this.#x[i] += x[i];
      this.#xByNorm[i] += x[i] * yy;
      for (let j = 0; j < y.length; j++) this.#products[i * y.length + j] += x[i] * y[j];
    }
    for (let j = 0; j < y.length; j++) {
      this.#y[j] += y[j];
      this.#yByNorm[j] += y[j] * xx;
    }
    this.#count++;
    this.#xNorm += xx;
    this.#yNorm += yy;
    this.#norms += xx * yy;
  }

  take(): Moments {
    return {
      count: this.#count,
      products: this.#products,
      x: this.#x,
      y: this.#y,
      xByNorm: this.#xByNorm,
      yByNorm: this.#yByNorm,
      xNorm: this.#xNorm,
      yNorm: this.#yNorm,
      norms: this.#norms,
    };
  }
}
