/** Batches for a decoder out of a long list of tokens that lies on the device: stretches that begin at given places. */
import type { PlannedBuffer } from '../../../gpu/plan.ts';
import { threefryWord } from '../../../stats/threefry.ts';
import { inWords, type TensorSizes } from '../../tensor/kernels.ts';
import type { StepKernel, Training } from '../../training/training.ts';

/** Second word of the key: a training has a stream of its own. */
const TRAINING_KEY = 0x747261; // "tra"
const WORD = 4;

export interface TokenWindows {
  /** All texts, one behind the other. */
  readonly list: Uint16Array;
  /** Where stretches may begin: each with `length` tokens and one behind them. */
  readonly starts: Uint32Array<ArrayBuffer>;
  /** Tokens of a stretch. */
  readonly length: number;
}

/** What fills the buffers of a batch in every step. */
export interface BatchSource {
  readonly kernels: Readonly<Record<string, StepKernel>>;
  readonly buffers: readonly PlannedBuffer[];
  readonly contents: Training['contents'];
}

function packed(list: Uint16Array): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(list.length / 2));
  for (let i = 0; i < list.length; i++) words[i >> 1] |= list[i] << (16 * (i & 1));
  return words;
}

/** @throws RangeError for a place that has no stretch behind it */
export function windowSource(
  { list, starts, length }: TokenWindows,
  { batch, seed, sizes }: { readonly batch: number; readonly seed: number; readonly sizes: TensorSizes },
): BatchSource {
  if (starts.length === 0) throw new RangeError(`no stretch of ${length} tokens and one behind them is there`);
  for (const start of starts)
    if (start + length >= list.length) throw new RangeError(`no stretch of ${length} tokens begins at ${start}`);
  const contents = { list: packed(list), starts, keys: Uint32Array.of(seed >>> 0, TRAINING_KEY, 0, 0) };
  const constants = {
    BATCH: inWords(batch),
    LENGTH: inWords(length),
    STARTS: inWords(starts.length),
    ROW_THREADS: inWords(sizes.threads),
  };
  const gather: StepKernel = {
    shader: { module: 'nn/transformer/windows', constants },
    buffers: { 0: 'list', 1: 'starts', 2: 'tokens', 3: 'asked', 8: 'state', 11: 'keys' },
    workgroups: Math.ceil((batch * length) / sizes.threads),
  };
  return {
    kernels: { gather },
    buffers: Object.entries(contents).map(
      ([name, { byteLength }]): PlannedBuffer => ({
        name,
        bytes: byteLength,
        role: name === 'keys' ? 'uniform' : 'storage',
        bytesPerItem: 0,
        formula: name === 'list' ? `${list.length} tokens × 2 B` : `${byteLength / WORD} words × 4 B`,
      }),
    ),
    contents,
  };
}

/** Where the stretches of a step begin. Twin of `shaders/nn/transformer/windows.wgsl`. */
export function windowsTwin(starts: Uint32Array, batch: number, seed: number, step: number): Uint32Array {
  return Uint32Array.from(
    { length: batch },
    (_, slot) => starts[threefryWord(seed >>> 0, TRAINING_KEY, (step * batch + slot) >>> 0, 0) % starts.length],
  );
}
