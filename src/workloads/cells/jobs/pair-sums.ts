/** Sums over cells from which means, covariances and correlations of genes follow, added cell by cell. Whole numbers, so exact in any order. */
import { pearson } from '../../../stats/correlation.ts';
import { correlationAgreement, geneCorrelation } from '../../../stats/expression/gene-correlation.ts';
import type { GeneMoments } from '../../../stats/expression/moments.ts';
import type { Agreement } from './look-types.ts';

export class PairSums {
  readonly #genes: ArrayLike<number>;
  readonly #sums: Float64Array;
  /** Lower triangle. */
  readonly #products: Float64Array;
  #cells = 0;

  /** @param genes columns that are looked at, in the order in which moments come */
  constructor(genes: ArrayLike<number>) {
    this.#genes = genes;
    this.#sums = new Float64Array(genes.length);
    this.#products = new Float64Array(genes.length * genes.length);
  }

  get cells(): number {
    return this.#cells;
  }

  /** Adds a row of bins. Most are zero, and only the others cost time. */
  add(tokens: ArrayLike<number>, from = 0): void {
    const n = this.#genes.length;
    const seen: number[] = [];
    for (let a = 0; a < n; a++) {
      const value = tokens[from + this.#genes[a]];
      if (value === 0) continue;
      seen.push(a);
      this.#sums[a] += value;
      for (const b of seen) this.#products[a * n + b] += value * tokens[from + this.#genes[b]];
    }
    this.#cells++;
  }

  /** Of two cells or more. */
  moments(): GeneMoments {
    const n = this.#genes.length;
    const mean = this.#sums.map((sum) => sum / this.#cells);
    const covariance = new Float64Array(n * n);
    for (let a = 0; a < n; a++) {
      for (let b = 0; b <= a; b++) {
        const value = (this.#products[a * n + b] - this.#cells * mean[a] * mean[b]) / (this.#cells - 1);
        covariance[a * n + b] = value;
        covariance[b * n + a] = value;
      }
    }
    return { cells: this.#cells, mean, covariance };
  }
}

export function correlationOf(moments: GeneMoments): Float32Array<ArrayBuffer> {
  return Float32Array.from(geneCorrelation(moments));
}

export function agreementOf(real: GeneMoments, drawn: GeneMoments): Agreement {
  const { mse, slope } = correlationAgreement(real, drawn);
  return { cells: drawn.cells, correlationMse: mse, slope, meanR: pearson(real.mean, drawn.mean) };
}
