/** The random numbers of samples, by address: seed, observation, sample, draw. The device has the same words (`shaders/flow/sample.wgsl`). */
import { normalQuantile } from '../../../stats/normal.ts';
import { threefry2x32, uniform01 } from '../../../stats/threefry.ts';

/** The normals of draw `draw` of a sample, one a parameter; draw 0 is its start. */
export function noiseOf(
  seed: number,
  stream: number,
  sample: number,
  draw: number,
  dimension: number,
): Float64Array<ArrayBuffer> {
  const blocks = (dimension + 1) >> 1;
  const noise = new Float64Array(dimension);
  for (let i = 0; i < dimension; i += 2) {
    const words = threefry2x32([seed >>> 0, stream >>> 0], [sample, draw * blocks + (i >> 1)]);
    noise[i] = normalQuantile(uniform01(words[0]));
    if (i + 1 < dimension) noise[i + 1] = normalQuantile(uniform01(words[1]));
  }
  return noise;
}
