import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { RandomWords } from '../two-sample/random-words.ts';
import { aucDeLong } from './auc.ts';
import { cosine, GRADIENT_DEFAULTS, gradientDirection, meanDifference, randomDirection, unit } from './directions.ts';
import { fastIca } from './ica.ts';
import { logisticByProducts, logisticByRows } from './logistic.ts';
import { combineRows, gramMatrix, norm, projections } from './products.ts';
import { fitRfm } from './rfm.ts';

/** Two classes that differ by `apart` along the first coordinate, on top of an offset as streams have it. */
function classes(n: number, d: number, apart: number, stream: number) {
  const words = new RandomWords(11, stream);
  const y = Uint8Array.from({ length: n }, (_, i) => i % 2);
  const x = Float64Array.from({ length: n * d }, (_, at) => {
    const [row, column] = [Math.floor(at / d), at % d];
    return words.normal() + (column === 0 ? apart * y[row] : 0) + 5 * column;
  });
  return { x, y };
}

describe('logistic regression', () => {
  it.each([
    ['more rows than numbers', 60, 5],
    ['fewer rows than numbers, which can be parted without a mistake', 20, 50],
  ])('is where its gradient is 0, in both forms: %s', (_, n, d) => {
    const { x, y } = classes(n, d, 1, d);
    const c = 0.7;
    const primal = logisticByRows(x, y, c);
    const dual = logisticByProducts(gramMatrix(x, n), y, c);
    const pulls = Array.from(projections(x, primal.weights), (value, i) => {
      const t = y[i] === 1 ? 1 : -1;
      return (c * t) / (1 + Math.exp(t * (value + primal.intercept)));
    });
    const off = combineRows(x, pulls).map((value, k) => primal.weights[k] - value);
    expect(norm(off)).toBeLessThan(1e-6);
    expect(Math.abs(pulls.reduce((sum, pull) => sum + pull, 0))).toBeLessThan(1e-7);
    const byProducts = combineRows(x, dual.coefficients);
    for (let k = 0; k < d; k++) expect(byProducts[k]).toBeCloseTo(primal.weights[k], 7);
  });

  it('of two points solves w = 2 C / (1 + exp(w)), the intercept in the middle', () => {
    let [low, high] = [0, 5];
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (middle < 2 / (1 + Math.exp(middle))) low = middle;
      else high = middle;
    }
    const { weights, intercept } = logisticByRows(Float64Array.of(4, 2), [1, 0]);
    expect(weights[0]).toBeCloseTo(low, 9);
    expect(intercept).toBeCloseTo(-3 * low, 8);
  });

  it('takes rows whose offset is ten thousand times what sets them apart', () => {
    const { x, y } = classes(30, 4, 1, 3);
    const far = x.map((value, at) => value + (at % 4 === 2 ? 1e4 : 0));
    const [near, moved] = [x, far].map((rows) => logisticByRows(rows, y));
    for (let k = 0; k < 4; k++) expect(moved.weights[k]).toBeCloseTo(near.weights[k], 6);
  });

  it('refuses one class alone and rows of unequal length', () => {
    expect(() => logisticByRows(Float64Array.of(1, 2), [1, 1])).toThrow('2 positive and 0 negative');
    expect(() => logisticByRows(Float64Array.of(1, 2, 3), [1, 0])).toThrow('3 numbers are not 2 rows');
  });
});

describe('directions', () => {
  const { x, y } = classes(40, 12, 2, 9);
  const difference = meanDifference(x, y);

  it('the gradient comes to the mean difference if it walks on; the origin’s hundred steps are on the way', () => {
    const [early, late] = [100, 20_000].map((steps) => gradientDirection(difference, { ...GRADIENT_DEFAULTS, steps }));
    expect(cosine(early, difference)).toBeGreaterThan(0.3);
    expect(cosine(late, difference)).toBeGreaterThan(cosine(early, difference));
    expect(cosine(late, difference)).toBeGreaterThan(0.9999);
  });

  it('chance is the same for a seed and another for another', () => {
    expect([...randomDirection(12, 1, 0)]).toEqual([...randomDirection(12, 1, 0)]);
    expect(Math.abs(cosine(randomDirection(1000, 1, 0), randomDirection(1000, 1, 1)))).toBeLessThan(0.15);
    expect(norm(randomDirection(12, 1, 0))).toBeCloseTo(1, 14);
  });

  it('independent components find what was mixed', () => {
    const words = new RandomWords(3, 0);
    const n = 400;
    const mixing = [
      [2, 0.5, -1],
      [-0.3, 1.5, 1],
    ];
    const rows = Float64Array.from({ length: 3 * n });
    for (let i = 0; i < n; i++) {
      const sources = [words.uniform() - 0.5, words.uniform() < 0.5 ? -1 : 1];
      for (let k = 0; k < 3; k++) rows[3 * i + k] = 7 + sources[0] * mixing[0][k] + sources[1] * mixing[1][k];
    }
    const found = fastIca(gramMatrix(rows, n), n, { components: 5, seed: 42 });
    expect([found.count, found.converged]).toEqual([2, true]);
    for (const wanted of mixing) {
      const cosines = [0, 1].map((k) =>
        Math.abs(cosine(combineRows(rows, found.weights.subarray(k * n, (k + 1) * n)), wanted)),
      );
      expect(Math.max(...cosines)).toBeGreaterThan(0.998);
    }
    for (let k = 0; k < 2; k++) {
      const source = found.sources.subarray(k * n, (k + 1) * n);
      expect(norm(source) ** 2 / n).toBeCloseTo(1, 9);
    }
  });
});

describe('RFM', () => {
  const [n, d, fitting] = [30, 6, 20];
  const { x, y } = classes(n, d, 3, 21);

  it('finds the coordinate that matters', () => {
    const many = classes(80, d, 4, 22);
    const fit = fitRfm({ ...many, fitting: 50 });
    const vector = unit(combineRows(many.x.slice(0, 50 * d), fit.weights));
    expect(Math.abs(vector[0])).toBeGreaterThan(0.9);
    expect(fit.validationAuc).toBeGreaterThan(0.8);
  });

  it('gives the eigenvector of the matrix written out, after two rounds', () => {
    const options = { bandwidths: [10], centred: [true], rounds: 2, ridge: 1e-3 };
    const explicit = writtenOut(options.bandwidths[0], options.ridge);
    const fit = fitRfm({ x, y, fitting }, options);
    const vector = combineRows(x.slice(0, fitting * d), fit.weights);
    const { auc, direction } = explicit.reduce((best, each) => (each.auc > best.auc ? each : best));
    expect(fit.validationAuc).toBeCloseTo(auc, 12);
    expect(Math.abs(cosine(vector, direction))).toBeCloseTo(1, 9);
  });

  /** Both rounds with M as a d × d matrix. */
  function writtenOut(bandwidth: number, ridge: number) {
    const rows = Array.from({ length: n }, (_, i) => Array.from(x.subarray(i * d, (i + 1) * d)));
    const t = Array.from(y, (label) => (label === 1 ? 1 : -1));
    let m = Matrix.eye(d);
    return [1, 2].map(() => {
      const minus = (a: number[], b: number[]) => Matrix.columnVector(a.map((value, k) => value - b[k]));
      const distance = (a: number[], b: number[]) =>
        Math.sqrt(minus(a, b).transpose().mmul(m).mmul(minus(a, b)).get(0, 0));
      const kernel = (a: number[], b: number[]) => Math.exp(-distance(a, b) / bandwidth);
      const own = rows.slice(0, fitting);
      const gram = new Matrix(own.map((a) => own.map((b) => kernel(a, b)))).add(Matrix.eye(fitting).mul(ridge));
      const weights = inverse(gram)
        .mmul(Matrix.columnVector(t.slice(0, fitting)))
        .to1DArray();
      const scores = rows.slice(fitting).map((a) => own.reduce((sum, b, j) => sum + weights[j] * kernel(a, b), 0));
      const slopes = own.map((a) => {
        let sum = Matrix.zeros(d, 1);
        own.forEach((b, j) => {
          const far = distance(a, b);
          if (far > 0) sum = sum.add(m.mmul(minus(a, b)).mul((-weights[j] * kernel(a, b)) / (bandwidth * far)));
        });
        return sum.to1DArray();
      });
      const g = new Matrix(slopes).center('column');
      const next = g.transpose().mmul(g);
      m = next.clone().div(Math.max(...next.diagonal()));
      const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(next, { assumeSymmetric: true });
      const direction = eigenvectorMatrix.getColumn(realEigenvalues.indexOf(Math.max(...realEigenvalues)));
      return { auc: aucDeLong({ scores, labels: y.slice(fitting) }).auc, direction };
    });
  }
});
