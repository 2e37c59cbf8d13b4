/**
 * Sizes of a machine's kernels and buffers on a device. They come from the batch table:
 *
 * | key | kind | unit | default (software, GPU) | here |
 * |---|---|---|---|---|
 * | `analysis.threads` | chunk | threads | 4, 64 | `threads` |
 * | `analysis.pointThreads` | chunk | threads | 64 | `pointThreads` |
 * | `analysis.productRows` | chunk | positions | 2, 4 | `productRows` |
 * | `analysis.productColumns` | chunk | columns | 16, 8 | `productColumns` |
 * | `analysis.gradientInputs` | chunk | inputs | 8 (quads: 16 always) | `gradientInputs` |
 * | `analysis.gradientOutputs` | chunk | outputs | 8, 8 | `gradientOutputs` |
 * | `analysis.headFours` | chunk | vectors | 8, 16 | `headFours` |
 * | `analysis.sharedThreads` | tile | threads | 16, 64 | `sharedThreads` |
 * | `analysis.lensRun` | tile | tokens | 1024, 4096 | `lensRun` |
 * | `analysis.dotRun` | tile | numbers | 256, 256 | `dotRun` |
 * | `analysis.combineTerms` | chunk | vectors | 6 | `combineTerms` |
 * | `analysis.stagingBytes` | piece | bytes | 4 MiB | `stagingBytes` |
 * | `gpu.submitsInFlight` (there is one) | ring | submits | 2 | `submitsInFlight` |
 *
 * `form` is the adapter's (`nn/tensor/shape.ts`). Bits hang on `form`, `sharedThreads`, `lensRun` and `dotRun` alone.
 */
import type { TensorForm } from '../../tensor/shape.ts';

export interface MachineSizes {
  readonly form: TensorForm;
  /** Threads of a workgroup: of sums, and of what every number stands alone in. */
  readonly threads: number;
  readonly pointThreads: number;
  /** Positions and columns (a multiple of 4) of a product that a thread sums. */
  readonly productRows: number;
  readonly productColumns: number;
  /** Inputs and outputs (multiples of 4) of a weight's gradient that a thread sums. */
  readonly gradientInputs: number;
  readonly gradientOutputs: number;
  /** Fours of numbers of heads that a thread of attention holds of each of what it sums. */
  readonly headFours: number;
  /** Threads that share the sums over one position's outputs, or one head's queries: a power of two. */
  readonly sharedThreads: number;
  /** Tokens of the vocabulary whose logits the threads of a workgroup read through a lens. */
  readonly lensRun: number;
  /** Numbers of a vector that a thread of a dot product sums; a multiple of 4. */
  readonly dotRun: number;
  /** Vectors that one dispatch of a linear combination reads, at most 6. */
  readonly combineTerms: number;
  /** What is read back lies in pieces of so many bytes. */
  readonly stagingBytes: number;
  /** Submits under way at most, before a call waits. */
  readonly submitsInFlight: number;
}
