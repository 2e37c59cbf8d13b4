/** Makes the stored values of `library.json` from the f64 twins; run by `scripts/self-test/derive.mjs`, never by the page. */
import { normalQuantile } from '../../stats/normal.ts';
import { threefry2x32, uniform01 } from '../../stats/threefry.ts';
import { threefryPoints, uniformBits } from './points.ts';

/** Digits kept: more than f32 has, few enough that engines whose logarithms differ in the last bit store the same. */
const DIGITS = 10;

/** What the library is held against. */
export interface StoredLibrary {
  /** [POINTS, 2]: the two words of every key and counter. */
  readonly words: readonly number[];
  /** [POINTS]: normal quantile of every uniform. */
  readonly normals: readonly number[];
}

export function deriveLibrary(): StoredLibrary {
  const points = threefryPoints();
  const words: number[] = [];
  for (let i = 0; i < points.length; i += 4) {
    words.push(...threefry2x32([points[i], points[i + 1]], [points[i + 2], points[i + 3]]));
  }
  const normals = Array.from(uniformBits(), (bits) => Number(normalQuantile(uniform01(bits)).toPrecision(DIGITS)));
  return { words, normals };
}
