/** Starting weights: Glorot-uniform hidden layers, a zero output layer, from counters of Threefry: the same on every machine. */
import { threefry2x32, uniform01 } from '../../stats/threefry.ts';
import { type MlpSpec, mlpLayout } from '../mlp.ts';

/** Random numbers of the starting weights are addressed by (place in the flat array, this). */
const PURPOSE = 0x696e6974; // "init"

/**
 * The flat parameter array. Hidden matrices are drawn within ±√(6/(in + out)) (Glorot & Bengio 2010) over √depth, so that the residual sum
 * starts at the size of one layer; the output layer starts at zero, which is the mean of standardised values.
 */
export function initialMlp(spec: MlpSpec, seed: number): Float32Array<ArrayBuffer> {
  const layout = mlpLayout(spec);
  const values = new Float32Array(layout.size);
  for (const { name, shape, at } of layout.tensors) {
    if (shape.length !== 2 || name === 'output.weight') continue;
    const [rows, columns] = shape;
    const scale = name === 'layers.0.weight' ? 1 : 1 / Math.sqrt(spec.depth);
    const bound = scale * Math.sqrt(6 / (rows + columns));
    for (let i = 0; i < rows * columns; i++) {
      const [bits] = threefry2x32([seed >>> 0, 0], [at + i, PURPOSE]);
      values[at + i] = bound * (2 * uniform01(bits) - 1);
    }
  }
  return values;
}
