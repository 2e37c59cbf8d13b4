/**
 * A decoder on the CPU. `f64`: the twin of what runs on devices, activations and sums in f64. `f32`: the way where there is no WebGPU; activations
 * and products are f32, by WebAssembly's vectors, and every weight is loaded once for four positions.
 */
import type { DecoderBatch, DecoderOptions, OpenOptions } from '../batch.ts';
import type { WeightSource } from '../weights.ts';
import { HostBatch } from './batch.ts';
import { HostPass } from './pass.ts';
import { type Arithmetic, readWeights } from './weights.ts';

/** @throws FileError of the weights, the signal's reason when aborted */
export async function openHostDecoder(
  source: WeightSource,
  options: DecoderOptions,
  arithmetic: Arithmetic,
  open: OpenOptions = {},
): Promise<DecoderBatch> {
  const { spec, storage, slots, context, capture } = options;
  const weights = await readWeights(source, storage, arithmetic, open);
  return new HostBatch(options, new HostPass(spec, weights, { slots, context, components: capture.components }));
}

/** Bytes of weights, keys and values of such a decoder. */
export function hostBytes(
  { spec, slots, context }: DecoderOptions,
  arithmetic: Arithmetic,
  parameters: number,
): number {
  const real = arithmetic === 'f64' ? 8 : 4;
  return 4 * parameters + 2 * real * spec.layers * slots * context * spec.kvHeads * spec.head;
}
