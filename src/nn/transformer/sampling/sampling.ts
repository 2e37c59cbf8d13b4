/**
 * How tokens are drawn on the device. The choice is a function of a row's logits, the text's seed and the position alone; masses are summed as
 * whole numbers, so that it depends on no thread count, and both forms of decoder draw alike from like logits.
 *
 * - `twin.ts`: the same in f64: `drawToken`, `surprise` (−log p).
 * - `shaders/nn/transformer/sampling.wgsl`: `draw(local, sampling, word)`, `token_word(seed, position)`, `surprise(local, id)`, for kernels that
 *   have logits in workgroup memory, or (condition `stored`) in a buffer at @binding(0). They need `samplingConstants`.
 * - `rows-kernel.ts`: `samplingRowsShader`, a kernel over rows of logits in a buffer, a workgroup a row.
 */
import type { SamplingSpec } from '../batch.ts';

/** What a text's random numbers are for: the second word of their counter. */
export const PURPOSE = { token: 1 } as const;

export interface SamplingSizes {
  /** Threads of a workgroup; any number. */
  readonly samplingThreads: number;
  /** Copies of the sums that threads share by turns. Each takes 192 bytes of workgroup memory. */
  readonly searchBanks: number;
}

/** The four words of `Sampling` in WGSL. @throws RangeError for settings that mean nothing */
export function samplingWords({ temperature, topK, topP }: SamplingSpec): Uint32Array<ArrayBuffer> {
  if (!(temperature >= 0 && temperature < Number.POSITIVE_INFINITY))
    throw new RangeError(`temperature is ${temperature}, and 0 (greedy) or a positive number is expected`);
  if (!(Number.isInteger(topK) && topK >= 0))
    throw new RangeError(`topK is ${topK}, and 0 (all) or a number of tokens is expected`);
  if (!(topP > 0 && topP <= 1)) throw new RangeError(`topP is ${topP}, and a part above 0 up to 1 (all) is expected`);
  const inverse = new Float32Array([temperature === 0 ? 0 : Math.min(1 / temperature, MOST_INVERSE)]);
  const part = topP === 1 ? 0 : Math.min(Math.max(Math.round(topP * 2 ** 32), 1), 2 ** 32 - 1);
  return Uint32Array.of(new Uint32Array(inverse.buffer)[0], Math.min(topK, 2 ** 31), part, 0);
}

/** Under this temperature only the likeliest are drawn anyhow, and products with logits stay finite. */
const MOST_INVERSE = 1e30;

/** Constants of `sampling.wgsl` and what it imports. */
export function samplingConstants(
  vocabulary: number,
  { samplingThreads, searchBanks }: SamplingSizes,
): Record<string, string> {
  const bits = Math.max(1, Math.ceil(Math.log2(vocabulary)));
  return {
    VOCABULARY: `${vocabulary}u`,
    SAMPLING_THREADS: `${samplingThreads}u`,
    SEARCH_BANKS: `${searchBanks}u`,
    ID_SHIFT: `${4 * (Math.ceil(bits / 4) - 1)}u`,
  };
}

/** Bytes of workgroup memory besides the logits. */
export const samplingMemory = ({ searchBanks }: SamplingSizes) => searchBanks * 16 * 12 + 64;

/** Settings that make every search necessary. */
const DEAREST: SamplingSpec = { temperature: 1, topK: 1, topP: 0.5 };

/** Loop iterations of an invocation for a token at most: the likeliest, cuts by 8 digits and ties by those of an id, the draw, −log p. */
export function samplingIterations(
  vocabulary: number,
  { samplingThreads, searchBanks }: SamplingSizes,
  { temperature, topK, topP }: SamplingSpec = DEAREST,
  scored = true,
): number {
  const sweep = Math.ceil(vocabulary / samplingThreads);
  const digits = Math.ceil(Math.log2(Math.max(vocabulary, 2)) / 4);
  // Of 16 digits, with a loop over copies in each.
  const through = 16 * (1 + searchBanks);
  const digit = Math.ceil((16 * searchBanks) / samplingThreads) + through + searchBanks + 2;
  const byIds = digits * digit + 1.25 * sweep + through;
  const cut = 8 * (sweep + digit) + through + byIds;
  const cuts = (topK > 0 ? 1 : 0) + (topP < 1 ? 1 : 0);
  const drawing = sweep + (temperature === 0 ? 0 : cuts * cut + byIds);
  return drawing + (scored ? 2 * sweep + digit + through : 0) + 8;
}
