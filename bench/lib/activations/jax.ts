/** jax-js with the same decoder: a compiled step over a cache of fixed length, and prompts as a whole, as its own chat page does. */
import { defaultDevice, jit, nn, numpy as np } from '@jax-js/jax';
import type { JaxBackend } from '../jax.ts';
import type { DecoderEntrant } from './entrant.ts';
import { type DecoderProblem, promptOf, tensorOf, turned, turnsOf } from './problem.ts';

const HIDDEN = -1e30;

interface Dense {
  readonly weight: np.Array;
  readonly bias?: np.Array;
}

const apply = (x: np.Array, { weight, bias }: Dense) => {
  const y = np.matmul(x, weight.ref);
  return bias ? y.add(bias.ref) : y;
};

export function jaxEntrant(backend: JaxBackend, problem: DecoderProblem, texts: number): DecoderEntrant {
  defaultDevice(backend);
  const { spec, weights, prompt, drawn } = problem;
  const { layers, width, heads, head, hidden, vocabulary, norm, mlp, biases, rotary } = spec;
  const context = prompt + drawn;
  const vector = (name: string) => np.array(tensorOf(weights, name));
  const dense = (name: string, inputs: number, outputs: number, biased: boolean): Dense => ({
    weight: np.array(turned(weights, `${name}.weight`, outputs)).reshape([inputs, outputs]),
    ...(biased ? { bias: vector(`${name}.bias`) } : {}),
  });
  const normOf = (name: string) => {
    const weight = vector(`${name}.weight`);
    if (norm.kind === 'layer') {
      const bias = vector(`${name}.bias`);
      return (x: np.Array) => nn.standardize(x, -1, { epsilon: norm.epsilon }).mul(weight.ref).add(bias.ref);
    }
    return (x: np.Array) => {
      const square = np.mean(x.ref.mul(x.ref), -1, { keepdims: true }).add(norm.epsilon);
      return x.div(np.sqrt(square)).mul(weight.ref);
    };
  };
  const all = biases === 'all';
  const blocks = Array.from({ length: layers }, (_, layer) => {
    const at = (name: string) => `blocks.${layer}.${name}`;
    return {
      norm1: normOf(at('norm1')),
      norm2: normOf(at('norm2')),
      q: dense(at('q'), width, width, biases !== 'none'),
      k: dense(at('k'), width, width, biases !== 'none'),
      v: dense(at('v'), width, width, biases !== 'none'),
      o: dense(at('o'), width, width, all),
      gate: mlp.gated ? dense(at('gate'), width, hidden, false) : undefined,
      up: dense(at('up'), width, hidden, all),
      down: dense(at('down'), hidden, width, all),
    };
  });
  const normF = normOf('normF');
  const embedding = vector('embedding').reshape([vocabulary, width]);
  const unembedding = np.array(turned(weights, 'embedding', vocabulary)).reshape([width, vocabulary]);
  const learned = rotary ? undefined : vector('positions').reshape([spec.positions, width]);

  /** x of some positions [texts, T, heads, head] by angles [T, 1, head / 2]. */
  const turn = (x: np.Array, cosines: np.Array, sines: np.Array) => {
    if (!rotary) return x;
    const [low, high] = np.split(x, 2, -1);
    const first = low.ref.mul(cosines.ref).sub(high.ref.mul(sines.ref));
    return np.concatenate([first, high.mul(cosines.ref).add(low.mul(sines.ref))], -1);
  };
  /** Logits' likeliest [texts] behind the last of `count` positions, and keys and values; `held`: of the cache, what is not written. */
  const walk = (
    given: np.Array[],
    count: number,
    keep: (own: np.Array, layer: number, which: 0 | 1) => { readonly all: np.Array; readonly kept: np.Array },
  ): np.Array[] => {
    const [tokens, positions, cosines, sines, mask] = given;
    let x = np.take(embedding.ref, tokens, 0);
    if (learned) x = x.add(np.take(learned.ref, positions, 0));
    const cache: np.Array[] = [];
    for (const [layer, { norm1, norm2, q, k, v, o, gate, up, down }] of blocks.entries()) {
      const h = norm1(x.ref);
      const byHeads = (d: Dense) => apply(h.ref, d).reshape([texts, count, heads, head]);
      const moved = (y: np.Array) => y.transpose([0, 2, 1, 3]);
      const asking = moved(turn(byHeads(q), cosines, sines));
      const keys = keep(moved(turn(byHeads(k), cosines, sines)), layer, 0);
      const values = keep(moved(byHeads(v)), layer, 1);
      h.dispose?.();
      cache.push(keys.kept, values.kept);
      const scores = np
        .matmul(asking, keys.all.transpose([0, 1, 3, 2]))
        .mul(spec.scale)
        .add(mask.ref);
      const heard = np.matmul(nn.softmax(scores, -1), values.all).transpose([0, 2, 1, 3]);
      x = x.add(apply(heard.reshape([texts, count, width]), o));
      const h2 = norm2(x.ref);
      const inner = gate
        ? nn.silu(apply(h2.ref, gate)).mul(apply(h2, up))
        : nn.gelu(apply(h2, up), { approximate: true });
      x = x.add(apply(inner, down));
    }
    const last =
      count === 1
        ? x.reshape([texts, width])
        : np.take(x, np.array(Int32Array.of(count - 1)), 1).reshape([texts, width]);
    const logits = np.matmul(normF(last), unembedding.ref);
    return [np.argmax(logits, 1), ...cache];
  };
  const inputsOf = (ids: readonly number[], from: number, count: number, mask: Float32Array, columns: number) => {
    const { cosines, sines } = turnsOf(problem, from, from + count);
    return [
      np.array(Int32Array.from(ids)).reshape([texts, count]),
      np.array(Int32Array.from({ length: count }, (_, i) => from + i)),
      np.array(cosines).reshape([count, 1, head / 2]),
      np.array(sines).reshape([count, 1, head / 2]),
      np.array(mask).reshape([count, columns]),
    ];
  };
  const readPrompts = jit((given: np.Array[]) =>
    walk(given, prompt, (own) => ({
      all: own.ref,
      kept: np.concatenate([own, np.zeros([texts, heads, drawn, head])], 2),
    })),
  );
  const takeStep = jit((given: np.Array[], place: np.Array, cache: np.Array[]) =>
    walk(given, 1, (own, layer, which) => {
      // What is kept, and at its place [1, 1, context, 1] what is new.
      const kept = cache[2 * layer + which].mul(np.array(1).sub(place.ref)).add(own.mul(place.ref));
      return { all: kept.ref, kept };
    }),
  );
  const prompts = () => {
    const ids = Array.from({ length: texts }, (_, text) => promptOf(problem, text)).flat();
    const mask = Float32Array.from({ length: prompt * prompt }, (_, i) =>
      i % prompt > Math.floor(i / prompt) ? HIDDEN : 0,
    );
    return readPrompts(inputsOf(ids, 0, prompt, mask, prompt));
  };
  return {
    name: `jax-js ${backend === 'webgpu' ? 'WebGPU' : 'Wasm'}`,
    generate: async () => {
      defaultDevice(backend);
      const texted: number[][] = Array.from({ length: texts }, () => []);
      let [next, ...cache] = prompts();
      for (let at = 0; ; at++) {
        const ids = [...((await next.data()) as Int32Array)];
        for (const [text, id] of ids.entries()) texted[text].push(id);
        if (at + 1 === drawn) break;
        const position = prompt + at;
        const mask = Float32Array.from({ length: context }, (_, i) => (i > position ? HIDDEN : 0));
        const place = np.array(Float32Array.from({ length: context }, (_, i) => (i === position ? 1 : 0)));
        const given = inputsOf(ids, position, 1, mask, context);
        [next, ...cache] = takeStep(given, place.reshape([1, 1, context, 1]), cache);
      }
      for (const each of cache) each.dispose();
      return texted;
    },
    read: async () => {
      defaultDevice(backend);
      const [next, ...cache] = prompts();
      await next.data();
      for (const each of cache) each.dispose();
    },
  };
}
