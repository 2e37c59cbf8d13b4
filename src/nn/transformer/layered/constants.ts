/** Constants that the kernels of a step share. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import { type SamplingSizes, samplingIterations } from '../sampling/sampling.ts';
import { decoderSizes } from './layout.ts';
import { workPlaces } from './list.ts';
import type { LayeredSetup } from './setup.ts';
import type { LayeredShape } from './shape.ts';

/** Whole numbers as literals of WGSL. */
export const words = (constants: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, `${value}u`]));
/** A literal of WGSL that is no whole number. */
export const real = (value: number) => (Number.isInteger(value) ? `${value}.0` : `${value}`);

/** What every kernel may ask for; those of one kernel come over it. */
export function commonConstants(setup: LayeredSetup): Record<string, string> {
  const { options, shape, captured } = setup;
  const { spec, context } = options;
  const { width4, hidden4, head4, q4, kv4 } = decoderSizes(spec);
  const places = workPlaces(setup);
  return {
    ...words({
      PRODUCT_THREADS: shape.threads,
      PAIRS: shape.pairs,
      BLOCK_ROWS: shape.rows,
      SOME_ROWS: Math.ceil(shape.rows / 2),
      PLAIN_THREADS: setup.plainThreads,
      WANTED_AT: places.wanted,
      SEGMENTS_AT: places.segments,
      SLOTS_AT: places.slots,
      CONTEXT: context,
      CAPTURED: captured,
      WIDTH: spec.width,
      WIDTH4: width4,
      HIDDEN4: hidden4,
      Q4: q4,
      KV4: kv4,
      HEADS: spec.heads,
      KV_HEADS: spec.kvHeads,
      HEAD: spec.head,
      HEAD4: head4,
      KV_WIDTH: spec.kvHeads * spec.head,
      NORM4: 0,
      NORM_BIAS4: 0,
      BIAS: 0,
      RESIDUAL_AT: 0,
      PART_AT: 0,
      K_AT: 0,
      V_AT: 0,
    }),
    EPSILON: real(spec.norm.epsilon),
    CAP: '1.0',
  };
}

/** Threads of a draw: more than the table says where a driver bounds loops, which moves no bit. */
export function samplingSizes(vocabulary: number, sizes: BatchSizes, shape: LayeredShape): SamplingSizes {
  const { iterations } = shape;
  const searchBanks = sizes['activations.searchBanks'];
  let { samplingThreads } = shape;
  while (samplingThreads < 256 && samplingIterations(vocabulary, { samplingThreads, searchBanks }) > iterations)
    samplingThreads = Math.min(256, 2 * samplingThreads);
  return { samplingThreads, searchBanks };
}
