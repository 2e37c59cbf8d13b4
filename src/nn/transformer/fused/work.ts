/** Loop iterations of a fused decoder's threads: software adapters end loops silently that run too long. */
import type { DecoderOptions } from '../batch.ts';
import { capturedParts } from '../capture.ts';
import { samplingIterations } from '../sampling/sampling.ts';
import { weightLayout } from './layout.ts';
import { type FusedShape, groupSlots, samplingSizes } from './shape.ts';

/** Iterations of one thread for a position at most, the last of the context. */
export function fusedIterations(options: DecoderOptions, shape: FusedShape): number {
  if (shape.own) return ownIterations(options, shape, shape.own);
  const { spec, context, capture } = options;
  const { layers, width, heads, kvHeads, head, vocabulary } = spec;
  const { threads, outputs, sharing, keys } = shape;
  const { matrices, block } = weightLayout(spec, options, shape);
  const shared = (count: number) => Math.ceil(count / threads);
  const product = (matrix?: { readonly stride: number; readonly steps: number }) =>
    matrix ? Math.ceil(matrix.stride / (threads * outputs)) * (matrix.steps + 1) : 0;
  const norm = 2 * Math.ceil(width / sharing) + 2 * sharing + shared(width);
  const blocks = Math.ceil(context / keys);
  const scores = shared(heads * sharing) * (1 + Math.ceil(keys / sharing));
  const sums = shared(heads * head) * (keys + 2 * sharing + 1);
  const attention = blocks * (2 * scores + shared(heads * sharing) * sharing + sums + 1);
  const layer =
    Object.values(block).reduce((sum, matrix) => sum + product(matrix), 0) +
    (spec.norm.post ? 4 : 2) * norm +
    attention +
    shared((heads + 2 * kvHeads) * head) +
    3 * shared(width) +
    1;
  const captured = shared(capturedParts(spec, capture.components).size) * (capture.windows + 1) + capture.windows;
  const sampling = samplingIterations(vocabulary, samplingSizes(shape), options.sampling, options.scored);
  return Math.ceil(
    1 +
      shared(width) +
      layers * layer +
      norm +
      product(matrices.unembedding ?? matrices.embedding) +
      captured +
      sampling,
  );
}

/** The same where a thread has texts of its own. */
function ownIterations(options: DecoderOptions, shape: FusedShape, { rows, block4 }: NonNullable<FusedShape['own']>) {
  const { spec, context, capture } = options;
  const { layers, width, heads, kvHeads, head, vocabulary } = spec;
  const { matrices, block } = weightLayout(spec, options, shape);
  const product = (matrix?: { readonly stride: number; readonly steps: number }) =>
    matrix ? (matrix.stride / block4) * (matrix.steps + 1) : 0;
  const width4 = Math.ceil(width / 4);
  const norm = 3 * width4;
  const text =
    (spec.norm.post ? 4 : 2) * norm +
    heads * (Math.ceil(context / 4) + 1) +
    ((heads + kvHeads) * head) / 2 +
    3 * kvHeads * head +
    2 * width4 +
    4 +
    3 * capture.windows;
  const captured = 2 * capturedParts(spec, capture.components).size * (capture.windows + 1);
  const products = Object.values(block).reduce((sum, matrix) => sum + product(matrix), 0);
  const sampling = samplingIterations(vocabulary, samplingSizes(shape), options.sampling, options.scored);
  return Math.ceil(
    1 +
      rows * (width + captured + norm + layers * text + 8) +
      layers * products +
      product(matrices.unembedding ?? matrices.embedding) +
      groupSlots(shape) * (sampling + 1),
  );
}
