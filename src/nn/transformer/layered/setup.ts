/** What the parts of the layered decoder are planned from: options, shape, and the counts that follow. */
import type { BatchSizes } from '../../../batch/sizes.ts';
import type { DecoderOptions } from '../batch.ts';
import { capturedParts } from '../capture.ts';
import { decoderSizes, type LayeredLayout, layeredLayout } from './layout.ts';
import type { LayeredShape } from './shape.ts';

/** A run of slots, or of windows, whose numbers lie in a buffer of their own. */
export interface Share {
  readonly buffer: string;
  readonly first: number;
  readonly count: number;
}

export interface LayeredSetup {
  readonly options: DecoderOptions;
  readonly shape: LayeredShape;
  readonly layout: LayeredLayout;
  /** Numbers of a captured row; 0 where nothing is captured. */
  readonly captured: number;
  /** Positions of a step at most, and of these with logits. */
  readonly rows: number;
  readonly logitRows: number;
  /** Sums by windows and kept rows by slots, cut where a binding ends. */
  readonly sums: readonly Share[];
  readonly kept: readonly Share[];
  readonly plainThreads: number;
}

/** @throws RangeError for options that no layered decoder takes */
export function layeredSetup(options: DecoderOptions, shape: LayeredShape, sizes: BatchSizes): LayeredSetup {
  const { spec, slots, context, capture, scored } = options;
  checkOptions(options);
  if (attentionIterations(options, shape) > shape.iterations)
    throw new RangeError(
      `context is ${context}, and this driver ends loops before attention has seen so many keys: take a shorter one`,
    );
  const captured = capturedParts(spec, capture.components).size;
  const within = captured > 0 ? Math.floor(shape.bindingBytes / (4 * captured)) : Number.POSITIVE_INFINITY;
  const rows = Math.max(slots, Math.min(sizes['activations.rowsAtOnce'], within, slots * context));
  const logitsWithin = Math.floor(shape.bindingBytes / (4 * spec.vocabulary));
  const logitRows = Math.max(slots, scored ? Math.min(rows, sizes['activations.logitRows'], logitsWithin) : 0);
  return {
    options,
    shape,
    layout: layeredLayout(options, shape),
    captured,
    rows,
    logitRows,
    sums: captured > 0 ? shares('sums', capture.windows, 4 * slots * captured, shape.bindingBytes) : [],
    kept: captured > 0 && capture.kept ? shares('kept', slots, 4 * context * captured, shape.bindingBytes) : [],
    plainThreads: sizes['activations.plainThreads'],
  };
}

function shares(name: string, count: number, bytes: number, most: number): Share[] {
  const each = Math.max(1, Math.floor(most / bytes));
  const cuts = Math.ceil(count / each);
  return Array.from({ length: cuts }, (_, i) => {
    const first = Math.floor((i * count) / cuts);
    return {
      buffer: cuts === 1 ? name : `${name}.${i}`,
      first,
      count: Math.floor(((i + 1) * count) / cuts) - first,
    };
  });
}

function checkOptions({ spec, slots, context, capture }: DecoderOptions): void {
  const whole = (name: string, value: number, least: number) => {
    if (!Number.isInteger(value) || value < least)
      throw new RangeError(`${name} is ${value}, and a whole number from ${least} on is expected`);
  };
  whole('slots', slots, 1);
  whole('context', context, 1);
  whole('windows', capture.windows, 0);
  if (context > spec.positions)
    throw new RangeError(`context is ${context}, and the model has ${spec.positions} positions`);
  if (spec.heads % spec.kvHeads !== 0)
    throw new RangeError(`${spec.heads} heads do not share ${spec.kvHeads} heads of keys and values evenly`);
  if (spec.rotary && spec.head % 2 !== 0)
    throw new RangeError(`a head has ${spec.head} numbers, and rotary positions turn pairs`);
}

/** Iterations of an invocation of attention at most: what bounds the context where a driver bounds loops. */
export function attentionIterations(
  { spec, context }: DecoderOptions,
  { attentionThreads, keys }: LayeredShape,
): number {
  const { head4 } = decoderSizes(spec);
  const shares = Math.ceil(context / Math.min(attentionThreads, keys));
  const parts = Math.max(1, Math.floor(attentionThreads / head4));
  return context + Math.ceil(context / parts) + shares * (head4 + 2) + Math.ceil(context / keys);
}
