/** Buffers and kernel of a fused decoder. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import type { KernelBinding } from '../../../gpu/bound-kernel.ts';
import { clockBuffers } from '../../../gpu/clock.ts';
import type { BufferPlan, PlannedBuffer } from '../../../gpu/plan.ts';
import { ringBuffers } from '../../../gpu/readback.ts';
import type { DecoderOptions } from '../batch.ts';
import { samplingMemory } from '../sampling/sampling.ts';
import { fusedShader, MOST_ENDS, MOST_WINDOWS } from './kernel.ts';
import { weightLayout } from './layout.ts';
import { type FusedShape, groupSlots, samplingSizes } from './shape.ts';
import { captureLayout, stateLayout } from './state-layout.ts';
import { textsLayout } from './texts.ts';

/** Words of `Settings` in WGSL: sampling, positions, number of ends, two unused, ends. */
export const SETTINGS_WORDS = 8 + MOST_ENDS;
/** Names of the plan's buffers. */
export const FUSED = {
  matrices: 'decoder.matrices',
  vectors: 'decoder.vectors',
  cache: 'decoder.cache',
  texts: 'decoder.texts',
  sums: 'decoder.sums',
  rows: 'decoder.rows',
  settings: 'decoder.settings',
  scratch: 'decoder.scratch',
  staging: 'decoder.staging',
  heads: 'decoder.heads',
} as const;

/** Why a decoder cannot run so on an adapter of these limits; undefined where it can. */
export function fusedObjection(
  { spec, storage, capture, ends }: Pick<DecoderOptions, 'spec' | 'storage' | 'capture' | 'ends'>,
  shape: FusedShape,
  limits: Readonly<Record<string, number>>,
): string | undefined {
  const numbers = shape.own ? 0 : stateLayout(spec, storage, shape).size + spec.vocabulary;
  const shared = 4 * numbers + samplingMemory(samplingSizes(shape)) + 64;
  const most = limits.maxComputeWorkgroupStorageSize ?? 16_384;
  if (shared > most) return `a text takes ${shared} bytes of workgroup memory, and the adapter has ${most}`;
  if (capture.windows > MOST_WINDOWS) return `${capture.windows} windows, and at most ${MOST_WINDOWS} are summed`;
  if (ends.length > MOST_ENDS) return `${ends.length} ids end a text, and at most ${MOST_ENDS} are looked for`;
  if (spec.head % 2 !== 0) return `heads of ${spec.head} numbers, and pairs are turned`;
  return undefined;
}

export function planFused(options: DecoderOptions, shape: FusedShape, sizes: BatchSizes): BufferPlan {
  const { spec, slots, context, capture } = options;
  const { layers, kvHeads } = spec;
  const weights = weightLayout(spec, options, shape);
  const texts = textsLayout(options);
  const { row } = captureLayout(options);
  const captures = capture.components.length > 0;
  const headBytes = 4 * slots * texts.text;
  const buffer = (
    name: string,
    words: number,
    perItem: number,
    formula: string,
    role: PlannedBuffer['role'] = 'storage',
  ): PlannedBuffer => ({ name, bytes: 4 * words, bytesPerItem: 4 * perItem, role, formula });
  const cached = 2 * layers * kvHeads * weights.packing.head * context;
  const places = groupSlots(shape) * Math.ceil(slots / groupSlots(shape));
  const state = stateLayout(spec, options.storage, shape).size;
  const rowWords = captures && capture.kept ? context * row : 0;
  const sumWords = captures ? capture.windows * row : 0;
  // Whatever is read back goes through it: texts as a whole, the rest in pieces of whole rows.
  const staging = Math.max(
    texts.words,
    sumWords + texts.text,
    rowWords > 0 ? stagedRows(row, context, sizes) * row : 0,
  );
  const buffers = [
    buffer(
      FUSED.matrices,
      weights.loads * weights.packing.words,
      0,
      `${weights.loads} loads of ${weights.packing.words} words: matrices in ${options.storage}, filled up to rounds of ${weights.packing.round}`,
    ),
    buffer(
      FUSED.vectors,
      weights.numbers,
      0,
      `${weights.numbers} numbers × 4 B: norms, biases, scales, angles, vectors to steer by`,
    ),
    buffer(
      FUSED.cache,
      slots * cached,
      cached,
      `slots × ${layers} blocks × 2 × ${kvHeads * weights.packing.head} numbers × ${context} positions × 4 B`,
    ),
    buffer(
      FUSED.texts,
      texts.words,
      texts.words / slots,
      `slots × (${texts.text} words + ${context} ids${options.scored ? ' and −log p' : ''}) × 4 B`,
    ),
    ...(sumWords > 0
      ? [buffer(FUSED.sums, slots * sumWords, sumWords, `slots × ${capture.windows} windows × ${row} numbers × 4 B`)]
      : []),
    ...(rowWords > 0
      ? [buffer(FUSED.rows, slots * rowWords, rowWords, `slots × ${context} positions × ${row} numbers × 4 B`)]
      : []),
    ...(shape.own
      ? [
          buffer(
            FUSED.scratch,
            places * state,
            state,
            `slots, filled up to ${groupSlots(shape)}, × ${state} numbers × 4 B`,
          ),
        ]
      : []),
    buffer(FUSED.settings, SETTINGS_WORDS, 0, `${SETTINGS_WORDS} words`, 'uniform'),
    buffer(FUSED.staging, staging, 0, 'texts, sums of a text, or a piece of its rows', 'readback'),
    ...ringBuffers(FUSED.heads, headBytes, headBytes / slots, `slots × ${texts.text} words`, shape.submitsInFlight + 1),
    ...clockBuffers(shape.submitsInFlight),
  ];
  return { chunk: slots, buffers };
}

/** Rows of a text that are read back at a time. */
export const stagedRows = (row: number, context: number, sizes: BatchSizes) =>
  Math.max(1, Math.min(context, Math.floor(sizes['activations.stagingBytes'] / (4 * row))));

export function fusedBinding(options: DecoderOptions, shape: FusedShape): KernelBinding {
  const { capture } = options;
  const captures = capture.components.length > 0;
  const buffers: Record<number, string> = {
    0: FUSED.matrices,
    1: FUSED.vectors,
    2: FUSED.cache,
    3: FUSED.texts,
    6: FUSED.settings,
  };
  if (captures && capture.windows > 0) buffers[4] = FUSED.sums;
  if (captures && capture.kept) buffers[5] = FUSED.rows;
  if (shape.own) buffers[7] = FUSED.scratch;
  return { shader: fusedShader(options, shape), buffers };
}
