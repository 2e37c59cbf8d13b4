/** jax-js with the same model and formulas, written as one would write them there: jit(grad), jit(grad of rows of paths), jit(jvp(grad)). */
import { defaultDevice, grad, jit, jvp, nn, numpy as np } from '@jax-js/jax';
import { rotaryTurns } from '../../../src/nn/transformer/rotary.ts';
import type { JaxBackend } from '../jax.ts';
import type { AnalysisEntrant } from './entrant.ts';
import { fromJaxOrder, inJaxOrder, type JaxTensor } from './jax-tensors.ts';
import type { AnalysisProblem, Quantity } from './problem.ts';

export function jaxAnalysis(backend: JaxBackend, problem: AnalysisProblem): AnalysisEntrant {
  defaultDevice(backend);
  const { spec, theta, direction, ids, length, texts, pathTexts, nodes, rule, pad } = problem;
  const { layers, width, heads, head, vocabulary } = spec;
  const asArrays = (vector: Float32Array) =>
    inJaxOrder(problem, vector).map(({ shape, values }: JaxTensor) => np.array(values).reshape([...shape]));
  const turns = rotaryTurns(spec, length);
  const half = head / 2;
  const table = (which: number) =>
    np
      .array(Float32Array.from({ length: length * half }, (_, i) => turns[2 * i + which]))
      .reshape([1, length, 1, half]);
  const [cosine, sine] = [table(0), table(1)];
  const norm = (x: np.Array, w: np.Array) => {
    const r = np.sqrt(np.mean(np.square(x.ref), -1, { keepdims: true }).add(spec.norm.epsilon));
    return x.div(r).mul(w);
  };
  /** The last residual of embeddings [rows × length, width]. @param rest of the blocks, six tensors each */
  const blocks = (embedded: np.Array, rest: np.Array[], rows: number) => {
    const turned = (y: np.Array) => {
      const [a, b] = np.split(y.reshape([rows, length, heads, head]), 2, 3);
      const first = a.ref.mul(cosine.ref).sub(b.ref.mul(sine.ref));
      return np.concatenate([first, b.mul(cosine.ref).add(a.mul(sine.ref))], 3);
    };
    let x = embedded;
    for (let l = 0; l < layers; l++) {
      const [norm1, qkv, o, norm2, gateUp, down] = rest.slice(6 * l, 6 * l + 6);
      const [q, k, v] = np.split(np.matmul(norm(x.ref, norm1), qkv), 3, 1);
      const heard = nn.dotProductAttention(turned(q), turned(k), v.reshape([rows, length, heads, head]), {
        isCausal: true,
      });
      x = x.add(np.matmul(heard.reshape([rows * length, width]), o));
      const [gate, up] = np.split(np.matmul(norm(x.ref, norm2), gateUp), 2, 1);
      x = x.add(np.matmul(nn.silu(gate).mul(up), down));
    }
    return x;
  };
  const words = (list: readonly number[]) => np.array(Int32Array.from(list));
  const some = ids.slice(0, texts);
  const tokens = words(some.flatMap((text) => text.slice(0, length)));
  const next = words(some.flatMap((text) => text.slice(1)));
  const loss = (all: np.Array[], read: np.Array, told: np.Array) => {
    const [embedding, ...rest] = all;
    const last = rest.pop()!;
    const x = blocks(np.matmul(nn.oneHot(read, vocabulary), embedding.ref), rest, texts);
    const logits = np.matmul(norm(x, last), embedding.transpose());
    return nn
      .logSoftmax(logits, -1)
      .mul(nn.oneHot(told, vocabulary))
      .sum()
      .mul(-1 / (texts * length));
  };
  const slopes = grad(loss);
  const gradient = jit((all: np.Array[], read: np.Array, told: np.Array) => slopes(all, read, told));
  const product = jit((all: np.Array[], along: np.Array[], read: np.Array, told: np.Array) => {
    const [value, tangent] = jvp((at: np.Array[]) => slopes(at, read.ref, told.ref), [all], [along]) as unknown as [
      np.Array[],
      np.Array[],
    ];
    for (const each of value) each.dispose();
    return tangent;
  });

  const rows = pathTexts * nodes;
  const targets = ids.slice(0, pathTexts).flatMap((text) => Array.from({ length: nodes }, () => text[length]));
  /** Sum over rows of the logit to be explained: rows do not touch each other, so its gradient is that of every row. */
  const explained = (embedded: np.Array, all: np.Array[], chosen: np.Array) => {
    const [embedding, ...rest] = all;
    const last = rest.pop()!;
    const x = blocks(embedded, rest, rows).reshape([rows, length, width]);
    const end = x.slice([], length - 1);
    return norm(end, last)
      .mul(np.matmul(nn.oneHot(chosen, vocabulary), embedding))
      .sum();
  };
  const explainedSlopes = grad(explained);
  const attributed = jit(
    (from: np.Array, to: np.Array, alphas: np.Array, weights: np.Array, all: np.Array[], chosen: np.Array) => {
      const way = to.sub(from.ref);
      const points = way.ref
        .reshape([pathTexts, 1, length, width])
        .mul(alphas.reshape([1, nodes, 1, 1]))
        .add(from.reshape([pathTexts, 1, length, width]));
      const found = explainedSlopes(points.reshape([rows * length, width]), all, chosen) as np.Array;
      return found
        .reshape([pathTexts, nodes, length, width])
        .mul(weights.reshape([1, nodes, 1, 1]))
        .sum(1)
        .mul(way)
        .sum(-1);
    },
  );
  const own = asArrays(theta);
  const along = asArrays(direction);
  const entries = inJaxOrder(problem, theta)[0].values;
  const embeddings = (of: (id: number) => number) =>
    np
      .array(
        Float32Array.from(
          ids
            .slice(0, pathTexts)
            .flatMap((text) => text.slice(0, length))
            .flatMap((id) => [...entries.subarray(of(id) * width, (of(id) + 1) * width)]),
        ),
      )
      .reshape([pathTexts, length, width]);
  const [from, to] = [embeddings(() => pad), embeddings((id) => id)];
  const [alphas, weights] = [np.array(Float32Array.from(rule.nodes)), np.array(Float32Array.from(rule.weights))];
  const chosen = words(targets);
  const held = (list: readonly np.Array[]) => list.map((each) => each.ref);
  const read = async (list: readonly np.Array[]) => {
    const parts: Float32Array[] = [];
    for (const each of list) parts.push((await each.data()) as Float32Array);
    return parts;
  };
  const compute: Readonly<Record<Quantity, () => Promise<readonly Float32Array[]>>> = {
    gradient: () => read(gradient(held(own), tokens.ref, next.ref) as unknown as np.Array[]),
    'integrated gradients': () =>
      read([attributed(from.ref, to.ref, alphas.ref, weights.ref, held(own), chosen.ref) as unknown as np.Array]),
    'Hessian · vector': () => read(product(held(own), held(along), tokens.ref, next.ref)),
  };
  return {
    name: `jax-js ${backend === 'webgpu' ? 'WebGPU' : 'Wasm'}`,
    async output(quantity) {
      defaultDevice(backend);
      const found = await compute[quantity]();
      return quantity === 'integrated gradients' ? found[0] : fromJaxOrder(problem, found);
    },
    async run(quantity, steps) {
      defaultDevice(backend);
      for (let step = 0; step < steps; step++) await compute[quantity]();
    },
  };
}
