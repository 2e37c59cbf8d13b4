/** Starting weights from counters of Threefry: the same on every machine. */
import { threefry2x32, uniform01 } from '../../stats/threefry.ts';
import type { ScoreNetworkSpec } from './spec.ts';
import { scoreTensors } from './tensors.ts';

/** Random numbers of the starting weights are addressed by (place in the flat vector, this). */
const PURPOSE = 0x696e6974; // "init"
/** Standard deviation of embeddings, and of every weight of the origin. */
const EMBEDDING_SD = 0.02;
/** Mean and standard deviation of a uniform number on (0, 1) are ½ and this. */
const UNIFORM_SD = Math.sqrt(1 / 12);

/** Matrices that begin at zero: then every block is the identity, whatever the condition (adaLN-zero), and all bins are as likely. */
const ZERO = /(?:\.ada|^out_ada|^out_proj)\.weight$/;

/**
 * The flat vector. lockstep: matrices Glorot-uniform, modulations and output zero. origin: everything of standard deviation 0.02, as the seed
 * project starts, and γ from a bias of 1 instead of 0: with zero γ and β nothing but the last matrix would see a gradient of size.
 */
export function initialScoreNetwork(spec: ScoreNetworkSpec, seed: number): Float32Array<ArrayBuffer> {
  const { tensors, table } = scoreTensors(spec, 'f32');
  const lockstep = spec.variant === 'lockstep';
  const weights = new Float32Array(table.size);
  for (const { name, kind, shape, at, stride } of tensors) {
    if (kind === 'vector') {
      if (name.endsWith('gamma_beta.bias')) weights.fill(1, at, at + spec.width);
      continue;
    }
    if (lockstep && ZERO.test(name)) continue;
    const [rows, columns] = shape;
    const glorot = lockstep && kind === 'matrix';
    const bound = glorot ? Math.sqrt(6 / (rows + columns)) : EMBEDDING_SD / (2 * UNIFORM_SD);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        const place = at + row * stride + column;
        const [bits] = threefry2x32([seed >>> 0, 0], [place, PURPOSE]);
        weights[place] = bound * (2 * uniform01(bits) - 1);
      }
  }
  return weights;
}
