/** Starting weights from counters of Threefry: the same on every machine. */
import { threefryWord, uniform01 } from '../../../stats/threefry.ts';
import type { DecoderSpec } from '../spec.ts';
import { trainedTensors } from './tensors.ts';

/** Random numbers of the starting weights are addressed by (place in the flat vector, this). */
const PURPOSE = 0x696e6974; // "init"
/** Mean and standard deviation of a uniform number on (0, 1) are ½ and this. */
const UNIFORM_SD = Math.sqrt(1 / 12);
/** Standard deviation of embeddings. */
const EMBEDDING_SD = 0.2;

/**
 * The flat vector: norms 1; matrices of standard deviation 1/√in, those that end a branch divided by √(2 layers) besides, so that the stream
 * grows no wider with depth (A. Radford et al., Language models are unsupervised multitask learners, 2019).
 */
export function initialDecoder(spec: DecoderSpec, seed: number): Float32Array<ArrayBuffer> {
  const { tensors, table } = trainedTensors(spec);
  const weights = new Float32Array(table.size);
  for (const { name, kind, shape, at, stride } of tensors) {
    if (kind === 'vector') {
      weights.fill(1, at, at + shape[0]);
      continue;
    }
    const [rows, columns] = shape;
    const branch = name.endsWith('.o') || name.endsWith('.down') ? Math.sqrt(2 * spec.layers) : 1;
    const sd = kind === 'table' ? EMBEDDING_SD : 1 / Math.sqrt(rows) / branch;
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const place = at + row * stride + column;
        const u = uniform01(threefryWord(seed >>> 0, 0, place, PURPOSE));
        weights[place] = (sd / UNIFORM_SD) * (u - 0.5);
      }
  }
  return weights;
}
