/** Inputs of the velocity network in f64. Twin of `shaders/flow/features.wgsl`. */

const FREQUENCIES = 5;

/** Rows: position (standardised), t, sin 2ᵏπt and cos 2ᵏπt for k = 0 … 4, observation (standardised). */
export function velocityFeatures(position: ArrayLike<number>, t: number, context: ArrayLike<number>): Float64Array {
  const waves = Array.from({ length: FREQUENCIES }, (_, k) => [
    Math.sin(2 ** k * Math.PI * t),
    Math.cos(2 ** k * Math.PI * t),
  ]);
  return Float64Array.from([...Array.from(position), t, ...waves.flat(), ...Array.from(context)]);
}
