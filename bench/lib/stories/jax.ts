/** jax-js with the same decoder, written as one would write it there: value and gradient of the mean cross-entropy, and a step down it. */
import { blockUntilReady, defaultDevice, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { rotaryTurns } from '../../../src/nn/tensor/attention-kernels.ts';
import type { DecoderSpec } from '../../../src/nn/transformer/spec.ts';
import { trainedTensors } from '../../../src/nn/transformer/training/tensors.ts';
import type { JaxBackend } from '../jax.ts';

export interface JaxTraining {
  /** Loss and slopes of every tensor at the starting weights, in the order of the table. */
  first(): Promise<{ readonly loss: number; readonly slopes: readonly Float32Array[] }>;
  /** Steps of plain gradient descent from where it is. */
  run(steps: number): Promise<void>;
}

export interface TrainingProblem {
  readonly spec: DecoderSpec;
  readonly weights: Float32Array;
  readonly batch: number;
  readonly length: number;
  readonly tokens: Uint32Array;
  readonly targets: Uint32Array;
  readonly rate: number;
}

export function jaxTraining(backend: JaxBackend, problem: TrainingProblem): JaxTraining {
  defaultDevice(backend);
  const { spec, weights, batch, length, rate } = problem;
  const { layers, width, heads, head, vocabulary } = spec;
  const rows = batch * length;
  const { tensors } = trainedTensors(spec);
  const start = () =>
    tensors.map(({ shape, at }) => {
      const count = shape.reduce((product, each) => product * each, 1);
      return np.array(weights.slice(at, at + count)).reshape([...shape]);
    });
  const turns = rotaryTurns(length, head, spec.rotary!.theta);
  const table = (which: number) =>
    np
      .array(Float32Array.from({ length: (length * head) / 2 }, (_, i) => turns[2 * i + which]))
      .reshape([1, length, 1, head / 2]);
  const [cosine, sine] = [table(0), table(1)];
  const norm = (x: np.Array, w: np.Array) => {
    const r = np.sqrt(np.mean(np.square(x.ref), -1, { keepdims: true }).add(spec.norm.epsilon));
    return x.div(r).mul(w);
  };
  const turned = (x: np.Array) => {
    const [a, b] = np.split(x.reshape([batch, length, heads, head]), 2, 3);
    return np.concatenate([a.ref.mul(cosine.ref).sub(b.ref.mul(sine.ref)), b.mul(cosine.ref).add(a.mul(sine.ref))], 3);
  };
  const loss = (all: np.Array[], tokens: np.Array, targets: np.Array) => {
    const [embedding, ...rest] = all;
    const last = rest.pop()!;
    let x = np.matmul(nn.oneHot(tokens, vocabulary), embedding.ref);
    for (let l = 0; l < layers; l++) {
      const [norm1, qkv, o, norm2, gateUp, down] = rest.slice(6 * l, 6 * l + 6);
      const [q, k, v] = np.split(np.matmul(norm(x.ref, norm1), qkv), 3, 1);
      const heard = nn.dotProductAttention(turned(q), turned(k), v.reshape([batch, length, heads, head]), {
        isCausal: true,
      });
      x = x.add(np.matmul(heard.reshape([rows, width]), o));
      const [gate, up] = np.split(np.matmul(norm(x.ref, norm2), gateUp), 2, 1);
      x = x.add(np.matmul(nn.silu(gate).mul(up), down));
    }
    const logits = np.matmul(norm(x, last), embedding.transpose());
    return nn
      .logSoftmax(logits, -1)
      .mul(nn.oneHot(targets, vocabulary))
      .sum()
      .mul(-1 / rows);
  };
  const differentiated = valueAndGrad(loss);
  const evaluate = jit((all: np.Array[], tokens: np.Array, targets: np.Array) => differentiated(all, tokens, targets));
  const step = jit((all: np.Array[], tokens: np.Array, targets: np.Array) => {
    const [value, slopes] = differentiated(
      all.map((each) => each.ref),
      tokens,
      targets,
    );
    return [value, all.map((each, i) => each.sub((slopes as np.Array[])[i].mul(rate)))] as [np.Array, np.Array[]];
  });
  const words = (values: Uint32Array) => np.array(Int32Array.from(values));
  const [tokens, targets] = [words(problem.tokens), words(problem.targets)];
  let at = start();
  return {
    async first() {
      defaultDevice(backend);
      const [value, slopes] = evaluate(start(), tokens.ref, targets.ref) as unknown as [np.Array, np.Array[]];
      const [found] = (await value.data()) as Float32Array;
      const all: Float32Array[] = [];
      for (const each of slopes) all.push((await each.data()) as Float32Array);
      return { loss: found, slopes: all };
    },
    async run(steps) {
      defaultDevice(backend);
      for (let i = 0; i < steps; i++) {
        const [value, next] = step(at, tokens.ref, targets.ref);
        // Computed only when somebody waits for it.
        await blockUntilReady(value);
        await blockUntilReady(next);
        value.dispose();
        at = next;
      }
    },
  };
}
