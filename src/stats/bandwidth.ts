/**
 * How wide the modes of a sample are: the improved Sheather–Jones rule of Botev, Grotowski and Kroese (2010, Annals of Statistics 38,
 * 2916), which looks at the roughness of the density itself. A standard deviation measures the distance between two modes instead.
 */
import { finiteRange } from './histogram.ts';
import { sortedCopy } from './order.ts';

/** Share of the sample that the densest stretch is made of, and its length in standard deviations of a normal distribution. */
const DENSEST = 0.25;
const DENSEST_NORMAL_SD = 2 * 0.318_639_363_96;
/** A densest stretch above this share of what the sample's spread would make it: one broad mode, where the rule only adds noise. */
const ONE_MODE = 0.8;

/** Cells in which the sample is counted; 256 cosines of 256 cells take a millisecond. */
const BINS = 256;
/** Derivative at which the nested plug-in estimates begin; more changes nothing (section 5 of the paper). */
const STAGES = 7;
/** Room on either side of the sample, in its range: the cosines mirror it at the edges. */
const MARGIN = 0.1;
/** The squared bandwidth, in squared ranges, lies in here or there is none. */
const SMALLEST = 1e-8;
const LARGEST = 0.1;
const HALVINGS = 20;

/**
 * The sample's standard deviation where it has one broad mode; else that of the normal distribution which is as rough as its density,
 * about that of one mode where there are several. Never above the sample's, which is taken where the rule has no answer. Finite values only.
 */
export function modeSd(values: Float64Array): number {
  const n = values.length;
  const mean = values.reduce((sum, v) => sum + v, 0) / n;
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n);
  const distinct = new Set(values).size;
  if (distinct < 3 || densestSd(values) > ONE_MODE * sd) return sd;
  const [low, high] = finiteRange(values);
  const margin = MARGIN * (high - low);
  const range = high - low + 2 * margin;
  const squared = improvedSheatherJones(cosineSquares(values, low - margin, range), distinct);
  if (squared === undefined) return sd;
  // The rule's bandwidth for a normal density is (4/(3n))^(1/5) sd.
  return Math.min(sd, Math.sqrt(squared) * range * ((3 * distinct) / 4) ** 0.2);
}

/** Standard deviation of the normal distribution whose densest quarter is as short as the sample's. */
function densestSd(values: Float64Array): number {
  const sorted = sortedCopy(values);
  const span = Math.ceil(DENSEST * (sorted.length - 1));
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = span; i < sorted.length; i++) shortest = Math.min(shortest, sorted[i] - sorted[i - span]);
  return shortest / DENSEST_NORMAL_SD;
}

/** Squared cosine coefficients 1 … BINS − 1 of the sample's distribution over the range. */
function cosineSquares(values: Float64Array, low: number, range: number): Float64Array {
  const shares = new Float64Array(BINS);
  for (const value of values) shares[Math.floor((BINS * (value - low)) / range)] += 1 / values.length;
  // cos(πk(2b + 1)/(2 BINS)) repeats after 4 BINS steps of its argument.
  const cosines = Float64Array.from({ length: 4 * BINS }, (_, i) => Math.cos((Math.PI * i) / (2 * BINS)));
  return Float64Array.from({ length: BINS - 1 }, (_, at) => {
    let sum = 0;
    for (let b = 0; b < BINS; b++) sum += shares[b] * cosines[((at + 1) * (2 * b + 1)) % (4 * BINS)];
    return sum * sum;
  });
}

/** Smallest t with t = ξγ(t), equations 29 and 30; undefined where no t in the interval is one. */
function improvedSheatherJones(squares: Float64Array, n: number): number | undefined {
  const tooSmall = (t: number) => t < plugIn(squares, n, t);
  if (!tooSmall(SMALLEST)) return undefined;
  let [below, above] = [SMALLEST, SMALLEST];
  while (above < LARGEST && tooSmall(above)) [below, above] = [above, 2 * above];
  if (tooSmall(above)) return undefined;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (below + above) / 2;
    if (tooSmall(middle)) below = middle;
    else above = middle;
  }
  return above;
}

/** The squared bandwidth that is best for the roughness seen after smoothing by t. */
function plugIn(squares: Float64Array, n: number, t: number): number {
  let rough = roughness(squares, STAGES, t);
  let odd = oddFactorial(STAGES);
  for (let s = STAGES - 1; s >= 2; s--) {
    odd /= 2 * s + 1;
    const constant = (1 + 0.5 ** (s + 0.5)) / 3;
    const time = ((2 * constant * odd) / (n * Math.sqrt(2 * Math.PI) * rough)) ** (2 / (3 + 2 * s));
    rough = roughness(squares, s, time);
  }
  return (2 * n * Math.sqrt(Math.PI) * rough) ** -0.4;
}

/** ∫ (s-th derivative)² of the density after smoothing by t. */
function roughness(squares: Float64Array, s: number, t: number): number {
  let sum = 0;
  for (let at = 0; at < squares.length; at++) {
    const frequency = (Math.PI * (at + 1)) ** 2;
    sum += frequency ** s * squares[at] * Math.exp(-frequency * t);
  }
  return 2 * sum;
}

/** 1 · 3 · 5 … (2s − 1) */
function oddFactorial(s: number): number {
  let product = 1;
  for (let i = 1; i < 2 * s; i += 2) product *= i;
  return product;
}
