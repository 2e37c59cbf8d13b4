/** Loss of a batch of sequences under a decoder and its gradient, in f64: twin of `forward.ts` and `backward.ts`. */
import { type AttentionShape, attention, attentionBackward, rotated } from '../../tensor/attention-twin.ts';
import { rmsNorm, rmsNormBackward, siluGate, siluGateBackward } from '../../tensor/rms-twin.ts';
import { crossEntropy, linear, linearInputs, linearWeights, transposed, type Values } from '../../tensor/twin.ts';
import type { DecoderSpec } from '../spec.ts';
import { trainedTensors } from './tensors.ts';

/** [batch · length] of each. */
export interface TokenBatch {
  readonly batch: number;
  readonly tokens: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/** Numbers of every trained tensor, [in][out]. */
export type Parameters = ReadonlyMap<string, Values>;

export interface DecoderGradient {
  /** Σ of weight times cross-entropy. */
  readonly loss: number;
  /** [rows][vocabulary] */
  readonly logits: Float64Array;
  readonly gradient: ReadonlyMap<string, Float64Array>;
}

const added = (x: Values, y: Values) => Float64Array.from(x as ArrayLike<number>, (value, i) => value + y[i]);

/** What a block keeps. */
interface Kept {
  readonly x1: Float64Array;
  readonly x2: Float64Array;
  readonly norm1: ReturnType<typeof rmsNorm>;
  readonly norm2: ReturnType<typeof rmsNorm>;
  readonly qkv: Float64Array;
  readonly attended: Float64Array;
  readonly gates: Float64Array;
  readonly units: Float64Array;
}

export function decoderGradient(spec: DecoderSpec, parameters: Parameters, batch: TokenBatch): DecoderGradient {
  const { width, heads, hidden, layers, vocabulary, norm } = spec;
  const rows = batch.tokens.length;
  const shape: AttentionShape = { cells: batch.batch, genes: rows / batch.batch, width, heads, causal: true };
  const { theta } = spec.rotary!;
  const { tensor } = trainedTensors(spec);
  const of = (name: string) => parameters.get(name)!;
  const product = (name: string, x: Values) => {
    const [inputs, outputs] = tensor(name).shape;
    return linear(x, of(name), undefined, rows, inputs, outputs);
  };
  const embedding = of('embedding');
  let x: Float64Array = Float64Array.from(
    { length: rows * width },
    (_, i) => embedding[batch.tokens[Math.floor(i / width)] * width + (i % width)],
  );
  const blocks = Array.from({ length: layers }, (_, l): Kept => {
    const x1 = x;
    const norm1 = rmsNorm(x1, of(`blocks.${l}.norm1.weight`), norm.epsilon);
    const qkv = rotated(product(`blocks.${l}.qkv`, norm1.h), shape, 1, theta);
    const attended = attention(qkv, shape).output;
    const x2 = added(x1, product(`blocks.${l}.o`, attended));
    const norm2 = rmsNorm(x2, of(`blocks.${l}.norm2.weight`), norm.epsilon);
    const gates = product(`blocks.${l}.gateUp`, norm2.h);
    const units = siluGate(gates, hidden);
    x = added(x2, product(`blocks.${l}.down`, units));
    return { x1, x2, norm1, norm2, qkv, attended, gates, units };
  });
  const last = rmsNorm(x, of('normF.weight'), norm.epsilon);
  const logits = linear(last.h, transposed(embedding, vocabulary, width), undefined, rows, width, vocabulary);
  const { loss, slopes } = crossEntropy(logits, batch.targets, batch.weights, vocabulary);

  const gradient = new Map<string, Float64Array>();
  const back = (name: string, x: Values, dy: Values) => {
    const [inputs, outputs] = tensor(name).shape;
    gradient.set(name, linearWeights(x, dy, rows, inputs, outputs)[0]);
    return linearInputs(dy, of(name), rows, inputs, outputs);
  };
  const normBack = (name: string, dh: Values, x: Values, inverses: Values) => {
    const { dx, dw } = rmsNormBackward(dh, x, of(name), inverses);
    gradient.set(name, dw);
    return dx;
  };
  let dx = normBack('normF.weight', linear(slopes, embedding, undefined, rows, vocabulary, width), x, last.inverses);
  for (let l = layers - 1; l >= 0; l--) {
    const { x1, x2, norm1, norm2, qkv, attended, gates, units } = blocks[l];
    const dgates = siluGateBackward(gates, back(`blocks.${l}.down`, units, dx), hidden);
    const dh2 = back(`blocks.${l}.gateUp`, norm2.h, dgates);
    dx = added(dx, normBack(`blocks.${l}.norm2.weight`, dh2, x2, norm2.inverses));
    const dattended = back(`blocks.${l}.o`, attended, dx);
    const dqkv = rotated(attentionBackward(qkv, attended, dattended, shape), shape, -1, theta);
    const dh1 = back(`blocks.${l}.qkv`, norm1.h, dqkv);
    dx = added(dx, normBack(`blocks.${l}.norm1.weight`, dh1, x1, norm1.inverses));
  }
  const [table] = linearWeights(slopes, last.h, rows, vocabulary, width);
  for (let i = 0; i < rows * width; i++) table[batch.tokens[Math.floor(i / width)] * width + (i % width)] += dx[i];
  gradient.set('embedding', table);
  return { loss, logits, gradient };
}
