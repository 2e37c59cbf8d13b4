/** Every buffer of the layered decoder with its exact bytes, from options and shape alone. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import { clockBuffers } from '../../../gpu/clock.ts';
import type { BufferPlan, PlannedBuffer } from '../../../gpu/plan.ts';
import { ringBuffers } from '../../../gpu/readback.ts';
import type { DecoderOptions } from '../batch.ts';
import { bytesOfFour } from '../storage.ts';
import { decoderSizes, finalPlaces, type Matrix, vectorPlaces } from './layout.ts';
import { workPlaces } from './list.ts';
import { type LayeredSetup, layeredSetup } from './setup.ts';
import type { LayeredShape } from './shape.ts';

export function planLayered(options: DecoderOptions, shape: LayeredShape, sizes: BatchSizes): BufferPlan {
  return layeredPlan(layeredSetup(options, shape, sizes), sizes);
}

/** Bytes of all weights in a plan of `layeredPlan`. */
export function weightBytes(setup: LayeredSetup): number {
  return weightBuffers(setup).reduce((sum, { bytes }) => sum + bytes, 0);
}

export function layeredPlan(setup: LayeredSetup, sizes: BatchSizes): BufferPlan {
  const { options } = setup;
  const inFlight = sizes['gpu.submitsInFlight'];
  return {
    chunk: options.slots,
    buffers: [
      ...weightBuffers(setup),
      ...textBuffers(setup),
      ...stepBuffers(setup),
      ...transferBuffers(setup, sizes),
      ...clockBuffers(inFlight),
      ...ringBuffers('states', 4 * options.slots, 4, `${options.slots} texts × 4 B`, inFlight + 1),
    ],
  };
}

/** A buffer of `count` times `numbers` numbers of 4 bytes. */
function numbers(name: string, count: number, of: string, numbersEach: number, perItem = 0): PlannedBuffer {
  return {
    name,
    role: 'storage',
    bytes: Math.max(16, 4 * count * numbersEach),
    bytesPerItem: 4 * perItem,
    formula: `${count} ${of} × ${numbersEach} × 4 B`,
  };
}

function weightBuffers({ options, layout }: LayeredSetup): PlannedBuffer[] {
  const { spec, storage, context } = options;
  const { width4 } = decoderSizes(spec);
  const of = ({ inner4, parts }: Matrix): PlannedBuffer[] =>
    parts.map(({ buffer, blocks, bytes }) => ({
      name: buffer,
      role: 'storage',
      bytes,
      bytesPerItem: 0,
      formula: `${blocks} blocks of columns × ${bytes / blocks} B (${inner4} × 4 inputs, ${bytesOfFour(storage)} B each four)`,
    }));
  return [
    ...of(layout.embedding),
    ...(spec.tied ? [] : of(layout.unembedding)),
    ...(spec.rotary
      ? [numbers('turns', context, 'positions', spec.head)]
      : [numbers('positions', context, 'positions', 4 * width4)]),
    ...layout.blocks.flatMap(({ matrices, vectors }) => [
      numbers(vectors, 1, 'block', vectorPlaces(spec).size),
      ...Object.values(matrices).flatMap(of),
    ]),
    numbers('normF', 1, 'vector', finalPlaces(spec).size),
  ];
}

/** What texts have: keys and values, ids, sums. */
function textBuffers({ options, captured, sums, kept }: LayeredSetup): PlannedBuffer[] {
  const { spec, slots, context, capture, steering, scored, ends } = options;
  const { width4, kv4 } = decoderSizes(spec);
  const perText = (name: string, each: number) => numbers(name, slots, 'texts', each, each);
  return [
    ...Array.from({ length: spec.layers }, (_, layer) => perText(`kv.${layer}`, context * 8 * kv4)),
    perText('ids', context),
    ...(scored ? [perText('nll', context)] : []),
    perText('totals', 1),
    numbers('ends', 1 + ends.length, 'ids', 1),
    ...(captured > 0 && capture.windows > 0 ? [perText('windows', 2 * capture.windows)] : []),
    ...sums.map(({ buffer, count }) => perText(buffer, count * captured)),
    ...kept.map(({ buffer, count }) => numbers(buffer, count, 'texts', context * captured, context * captured)),
    ...(steering ? [numbers('steering', spec.layers, 'layers', 4 * width4)] : []),
  ];
}

/** What a step has: its list, and activations of its rows. */
function stepBuffers(setup: LayeredSetup): PlannedBuffer[] {
  const { options, captured, rows, logitRows } = setup;
  const { spec } = options;
  const { width4, hidden4, q4 } = decoderSizes(spec);
  const perRow = (name: string, each: number) => numbers(name, rows, 'positions', each);
  return [
    numbers('work', workPlaces(setup).size, 'entries', 4),
    perRow('stream', 4 * width4),
    ...(spec.norm.post ? [perRow('apart', 4 * width4)] : []),
    perRow('q', 4 * q4),
    perRow('attended', 4 * q4),
    perRow('hidden', 4 * hidden4),
    ...(captured > 0 ? [perRow('captured', captured)] : []),
    numbers('logits', logitRows, 'positions', spec.vocabulary),
    numbers('asked', logitRows, 'positions', 4),
    numbers('drawn', logitRows, 'positions', 2),
    { name: 'sampling', role: 'uniform', bytes: 16, bytesPerItem: 0, formula: '4 words' },
  ];
}

function transferBuffers(setup: LayeredSetup, sizes: BatchSizes): PlannedBuffer[] {
  const { options, layout, captured } = setup;
  const { slots, context, scored, storage } = options;
  const longest = Math.max(
    layout.embedding.inner4,
    ...layout.blocks.flatMap(({ matrices }) => Object.values(matrices).map(({ inner4 }) => inner4)),
  );
  const row = longest * bytesOfFour(storage);
  const upload = Math.max(row, Math.min(sizes['activations.uploadBytes'], largestMatrix(setup)));
  const most = Math.max(4 * captured, 4 * context * (scored ? 2 : 1));
  const all = Math.max(4 * captured * slots, 4 * context * slots);
  const staging = Math.max(most, Math.min(sizes['activations.stagingBytes'], all));
  return [
    {
      name: 'upload',
      role: 'storage',
      bytes: 16 * Math.ceil(upload / 16),
      bytesPerItem: 0,
      formula: 'rows of weights',
    },
    { name: 'place', role: 'uniform', bytes: 48, bytesPerItem: 0, formula: '12 words' },
    { name: 'staging', role: 'readback', bytes: 4 * Math.ceil(staging / 4), bytesPerItem: 0, formula: 'a piece' },
  ];
}

function largestMatrix({ layout }: LayeredSetup): number {
  const matrices = [layout.embedding, ...layout.blocks.flatMap((block) => Object.values(block.matrices))];
  return Math.max(...matrices.map(({ parts }) => parts.reduce((sum, { bytes }) => sum + bytes, 0)));
}
