/** A text along a direction, token by token. */

export interface Monitoring {
  /** h·v̂ of every token. */
  readonly projections: Float64Array;
  /** The same over |h|; 0 of a row of zeros. */
  readonly cosines: Float64Array;
  /** |h| of every token. */
  readonly norms: Float64Array;
}

/** @param rows [tokens][d] @param vector of length 1 */
export function monitored(rows: ArrayLike<number>, vector: ArrayLike<number>): Monitoring {
  const d = vector.length;
  const tokens = rows.length / d;
  const [along, cosines, norms] = [new Float64Array(tokens), new Float64Array(tokens), new Float64Array(tokens)];
  for (let t = 0; t < tokens; t++) {
    let [sum, square] = [0, 0];
    for (let k = 0; k < d; k++) {
      const value = rows[t * d + k];
      sum += value * vector[k];
      square += value * value;
    }
    along[t] = sum;
    norms[t] = Math.sqrt(square);
    cosines[t] = square > 0 ? sum / norms[t] : 0;
  }
  return { projections: along, cosines, norms };
}

export interface Dynamics {
  /** s(t + 1) − s(t): one shorter. */
  readonly velocity: Float64Array;
  /** Two shorter. */
  readonly acceleration: Float64Array;
  /** Token of the largest |s|, the first of equal ones. */
  readonly peak: number;
  readonly peakVelocity: number;
  readonly meanSpeed: number;
  /** First t with |acceleration| below a limit; undefined where there is none. Absolute: 0.1, the origin's. Scaled: 0.1 of the sd of s. */
  readonly commitment: { readonly absolute?: number; readonly scaled?: number };
  /** Tokens behind the peak with |s| above half of the peak, and their share of all behind it; 0 where the peak is the last. */
  readonly persistence: { readonly tokens: number; readonly share: number };
}

/** What settles: the origin's limit of |acceleration|, in units of the projections or of their sd. */
const SETTLED = 0.1;
/** Share of the peak above which a projection persists. */
const PERSISTS = 0.5;

/** @param s projections of every token, or of those that are asked for */
export function dynamicsOf(s: ArrayLike<number>): Dynamics {
  const velocity = differences(s);
  const acceleration = differences(velocity);
  const sizes = Array.from(s, Math.abs);
  const peak = sizes.reduce((best, size, t) => (size > sizes[best] ? t : best), 0);
  const settled = (limit: number) => {
    const t = acceleration.findIndex((value) => Math.abs(value) < limit);
    return t < 0 ? undefined : t;
  };
  const behind = sizes.slice(peak + 1);
  const tokens = behind.filter((size) => size > PERSISTS * sizes[peak]).length;
  const [absolute, scaled] = [settled(SETTLED), settled(SETTLED * deviation(s))];
  const speeds = Array.from(velocity, Math.abs);
  return {
    velocity,
    acceleration,
    peak,
    peakVelocity: Math.max(0, ...speeds),
    meanSpeed: speeds.length > 0 ? speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length : 0,
    commitment: { ...(absolute !== undefined && { absolute }), ...(scaled !== undefined && { scaled }) },
    persistence: { tokens, share: behind.length > 0 ? tokens / behind.length : 0 },
  };
}

function differences(values: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: Math.max(0, values.length - 1) }, (_, t) => values[t + 1] - values[t]);
}

/** Over all tokens, n in the denominator. */
function deviation(values: ArrayLike<number>): number {
  const all = Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length);
}
