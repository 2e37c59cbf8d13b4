/** Derives `tables.json` from the image model of the shear experiment. Run by `scripts/shear-task/derive.mjs`; takes a few seconds. */
import { readShearParams } from '../../../shear/params.ts';
import { shearModel } from '../../../shear/spec.ts';
import { ShearModel } from '../../../shear/twin/model.ts';
import { BASIC_COUNT, toBasic, toUnconstrained } from '../../../shear/twin/transform.ts';
import { DERIVATIVES, dot } from './basis.ts';
import { chebyshev, DEGREE, PARAMETERS, REACH, SUMMARIES, TERMS, termsOf } from './emulator.ts';
import { STAMP, summaryBasis } from './tables.ts';

/** Steps of the differences, by parameter: their error is far below what the basis would notice. */
const STEPS = [0.01, 0.01, 0.05, 0.05];
/** Quadrants are stored as whole multiples of this share of their largest value. */
const LEVELS = 2 ** 14;
/** Chebyshev nodes a parameter: the coefficients up to `DEGREE` are free of aliases below 2 · NODES − DEGREE. */
const NODES = 8;

const { spec } = shearModel(readShearParams({}), {});

/** Noise-free stamps at (g1, g2, x, y), position in px from the centre, inside its prior. */
export function stampRenderer(): (parameters: readonly number[]) => Float64Array {
  const model = new ShearModel(spec);
  const basic = new Float64Array(BASIC_COUNT);
  const jacobian = new Float64Array(BASIC_COUNT * spec.free);
  return (parameters) => {
    toBasic(spec, toUnconstrained(spec, parameters), basic, jacobian);
    return model.render(basic);
  };
}

export function deriveShearTask() {
  const render = stampRenderer();
  const quadrants = DERIVATIVES.map((by) => storedQuadrant(derivative(render, by)));
  const basis = summaryBasis(quadrants);
  const summaries = (parameters: readonly number[]) => {
    const image = render(parameters);
    return basis.map((row) => dot(row, image) / spec.noiseSigma);
  };
  const fiducial = summaries([0, 0, 0, 0]);
  const coefficients = chebyshevCoefficients((parameters) =>
    summaries(parameters).map((value, k) => value - fiducial[k]),
  );
  const { g1, g2 } = spec.prior;
  return {
    noiseSigma: spec.noiseSigma,
    prior: { mean: [g1.mean, g2.mean], sd: [g1.sigma, g2.sigma] },
    fiducial,
    quadrants,
    coefficients,
  };
}

/** First or second derivative of the image at the origin by central differences. */
function derivative(render: (parameters: readonly number[]) => Float64Array, by: readonly number[]): Float64Array {
  const [i, j] = by;
  const at = (...shifts: [number, number][]) => {
    const parameters = [0, 0, 0, 0];
    for (const [parameter, sign] of shifts) parameters[parameter] += sign * STEPS[parameter];
    return render(parameters);
  };
  if (j === undefined) return combine([at([i, 1]), 1], [at([i, -1]), -1]);
  if (i === j) return combine([at([i, 1]), 1], [at(), -2], [at([i, -1]), 1]);
  const corner = (a: number, b: number) => at([i, a], [j, b]);
  return combine([corner(1, 1), 1], [corner(1, -1), -1], [corner(-1, 1), -1], [corner(-1, -1), 1]);
}

function combine(...terms: [Float64Array, number][]): Float64Array {
  return terms[0][0].map((_, pixel) => terms.reduce((sum, [image, weight]) => sum + weight * image[pixel], 0));
}

function storedQuadrant(image: Float64Array): number[] {
  const half = STAMP / 2;
  const largest = image.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Array.from({ length: half * half }, (_, i) => {
    const value = image[(half + Math.floor(i / half)) * STAMP + half + (i % half)];
    return Math.round((LEVELS * value) / largest) + 0;
  });
}

/** By the discrete orthogonality of Chebyshev polynomials at their nodes: of every summary the terms of its symmetry. */
function chebyshevCoefficients(f: (parameters: readonly number[]) => number[]): number[][] {
  const sums = new Float64Array(TERMS.length * SUMMARIES);
  const factors = new Float64Array(PARAMETERS * (DEGREE + 1));
  for (let node = 0; node < NODES ** PARAMETERS; node++) {
    const parameters = REACH.map((reach, i) => {
      const index = Math.floor(node / NODES ** i) % NODES;
      return reach * Math.cos((Math.PI * (index + 0.5)) / NODES);
    });
    const values = f(parameters);
    chebyshev(parameters, factors);
    TERMS.forEach((powers, term) => {
      const weight = powers.reduce(
        (w, power, i) => (w * factors[i * (DEGREE + 1) + power] * (power ? 2 : 1)) / NODES,
        1,
      );
      for (let k = 0; k < SUMMARIES; k++) sums[term * SUMMARIES + k] += weight * values[k];
    });
  }
  return Array.from({ length: SUMMARIES }, (_, k) =>
    termsOf(k).map((term) => Number(sums[term * SUMMARIES + k].toPrecision(8))),
  );
}
