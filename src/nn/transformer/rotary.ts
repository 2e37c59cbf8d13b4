/** Rotary positions: cosines and sines come from the CPU, since WGSL's are good to 2⁻¹¹ alone. */
import type { DecoderSpec } from './spec.ts';

/** Angular frequencies of the pairs of a head, θ^(−2i/head); those of long wavelengths divided as Llama 3 does. */
export function rotaryFrequencies({ head, rotary }: Pick<DecoderSpec, 'head' | 'rotary'>): Float64Array {
  if (!rotary) return new Float64Array();
  const { theta, llama3 } = rotary;
  return Float64Array.from({ length: head / 2 }, (_, i) => {
    const frequency = theta ** ((-2 * i) / head);
    if (!llama3) return frequency;
    const { factor, low, high, original } = llama3;
    const wavelength = (2 * Math.PI) / frequency;
    if (wavelength < original / high) return frequency;
    if (wavelength > original / low) return frequency / factor;
    const t = (original / wavelength - low) / (high - low);
    return frequency * ((1 - t) / factor + t);
  });
}

/** [positions][head / 2] pairs of cosine and sine. */
export function rotaryTurns(spec: Pick<DecoderSpec, 'head' | 'rotary'>, positions: number): Float32Array<ArrayBuffer> {
  const frequencies = rotaryFrequencies(spec);
  const turns = new Float32Array(positions * 2 * frequencies.length);
  for (let position = 0; position < positions; position++)
    for (const [i, frequency] of frequencies.entries()) {
      const at = 2 * (position * frequencies.length + i);
      turns[at] = Math.cos(position * frequency);
      turns[at + 1] = Math.sin(position * frequency);
    }
  return turns;
}
