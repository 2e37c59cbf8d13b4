/** Inputs of the velocity network in f64. Twin of `shaders/flow/features.wgsl`. */

const FREQUENCIES = 5;

/** What only time decides of the inputs: t, sin 2ᵏπt and cos 2ᵏπt for k = 0 … 4. */
export function timeFeatures(t: number): number[] {
  const waves = Array.from({ length: FREQUENCIES }, (_, k) => [
    Math.sin(2 ** k * Math.PI * t),
    Math.cos(2 ** k * Math.PI * t),
  ]);
  return [t, ...waves.flat()];
}

/** Rows: position (standardised), time, observation (standardised). */
export function velocityFeatures(position: ArrayLike<number>, t: number, context: ArrayLike<number>): Float64Array {
  return Float64Array.from([...Array.from(position), ...timeFeatures(t), ...Array.from(context)]);
}
