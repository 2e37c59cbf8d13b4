/** Singular values of a linear map known by its products: Lanczos on J Jᵀ, whose vectors are as long as J's output. */
import { ritzValues } from '../../../../stats/spectrum/ritz.ts';
import type { RandomWords } from '../../../../stats/two-sample/random-words.ts';

/** A walk of Lanczos' method in f64 with full reorthogonalisation, twice; `step` is told A q of the vector that `vector` gives. */
export class LanczosWalk {
  readonly #basis: Float64Array[] = [];
  readonly #alpha: number[] = [];
  readonly #beta: number[] = [];
  #done = false;

  constructor(width: number, words: RandomWords) {
    const start = Float64Array.from({ length: width }, () => words.normal());
    this.#basis.push(scaled(start, 1 / norm(start)));
  }

  /** q_j, the one that is multiplied next. */
  get vector(): Float64Array {
    return this.#basis[this.#basis.length - 1];
  }

  /** The Krylov space is exhausted: further steps tell nothing. */
  get done(): boolean {
    return this.#done;
  }

  step(product: ArrayLike<number>): void {
    if (this.#done) return;
    const left = Float64Array.from(product);
    const q = this.vector;
    const alpha = inner(left, q);
    this.#alpha.push(alpha);
    for (let round = 0; round < 2; round++)
      for (const other of this.#basis) {
        const share = inner(left, other);
        for (let i = 0; i < left.length; i++) left[i] -= share * other[i];
      }
    const beta = norm(left);
    this.#beta.push(beta);
    const scale = Math.max(...this.#alpha.map(Math.abs), ...this.#beta);
    this.#done = this.#basis.length === left.length || beta <= EXHAUSTED * scale;
    if (!this.#done) this.#basis.push(scaled(left, 1 / beta));
  }

  /** √ of the largest Ritz values, descending, with what each can be off by; NaN where there are fewer. */
  singular(count: number): { readonly values: Float64Array; readonly bounds: Float64Array } {
    const { values, bounds } = ritzValues({ alpha: this.#alpha, beta: this.#beta });
    const at = (k: number) => Math.sqrt(Math.max(0, values[k]));
    return {
      values: Float64Array.from({ length: count }, (_, k) => (k < values.length ? at(k) : Number.NaN)),
      // dσ = dλ / 2σ.
      bounds: Float64Array.from({ length: count }, (_, k) =>
        k < values.length ? bounds[k] / (2 * at(k)) : Number.NaN,
      ),
    };
  }
}

/** What is left of a vector that lay in the space already, beside its length. */
const EXHAUSTED = 1e-12;

const inner = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};
const norm = (a: ArrayLike<number>): number => Math.sqrt(inner(a, a));
const scaled = (a: Float64Array, factor: number): Float64Array => a.map((x) => factor * x);
