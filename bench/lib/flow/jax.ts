/** jax-js with the same network and the same solver, written as one would write it there. */
import { blockUntilReady, defaultDevice, jit, nn, numpy as np } from '@jax-js/jax';
import type { JaxBackend } from '../jax.ts';
import type { Entrant } from './entrant.ts';
import { type FlowProblem, SAMPLING, startingNoise, stepTimes, tensorOf, timeFeatures } from './problem.ts';

export type JaxPrecision = 'f32' | 'f16';
/** What one compiled function holds: a step of the solver, or all of them. */
export type JaxScope = 'step' | 'all steps';
export const JAX_SCOPES: readonly JaxScope[] = ['step', 'all steps'];

/** Before the next batch starts: noise + this × samples. jax-js computes only what somebody reads, so every batch needs the last. */
const NEXT = 1e-12;

interface JaxNetwork {
  /** In the order of the layers; the output layer last. */
  readonly layers: readonly { readonly weight: np.Array; readonly bias: np.Array }[];
  readonly dtype: typeof np.float32 | typeof np.float16;
}

function network({ model }: FlowProblem, precision: JaxPrecision): JaxNetwork {
  const dtype = precision === 'f16' ? np.float16 : np.float32;
  const array = (name: string) => {
    const { shape, values } = tensorOf(model, name);
    const all = np.array(values as Float32Array<ArrayBuffer>).reshape(shape);
    return precision === 'f16' ? all.astype(dtype) : all;
  };
  const names = [...Array.from({ length: model.net.depth }, (_, i) => `layers.${i}`), 'output'];
  return { layers: names.map((name) => ({ weight: array(`${name}.weight`), bias: array(`${name}.bias`) })), dtype };
}

/** v at x [B, D], `time` [1, 11], `context` [B, C]. Arguments are owned. */
function velocity({ layers, dtype }: JaxNetwork, x: np.Array, time: np.Array, context: np.Array): np.Array {
  const features = np.concatenate([x.ref, np.broadcastTo(time, [x.shape[0], time.shape[1]]), context], 1);
  x.dispose();
  const dense = (h: np.Array, { weight, bias }: JaxNetwork['layers'][number]) => np.matmul(h, weight.ref).add(bias.ref);
  const half = dtype === np.float16;
  let h = nn.silu(dense(half ? features.astype(dtype) : features, layers[0]));
  for (const layer of layers.slice(1, -1)) h = nn.silu(dense(h.ref, layer)).add(h);
  const v = dense(h, layers[layers.length - 1]);
  return half ? v.astype(np.float32) : v;
}

/** One midpoint step; position and velocity sums in f32. */
function midpoint(net: JaxNetwork, x: np.Array, t0: np.Array, t1: np.Array, context: np.Array): np.Array {
  const h = 1 / SAMPLING.steps;
  const k1 = velocity(net, x.ref, t0, context.ref);
  const k2 = velocity(net, x.ref.add(k1.mul(0.5 * h)), t1, context);
  return x.add(k2.mul(h));
}

export function jaxEntrant(
  backend: JaxBackend,
  precision: JaxPrecision,
  scope: JaxScope,
  problem: FlowProblem,
  batch: number,
): Entrant {
  defaultDevice(backend);
  const net = network(problem, precision);
  const noise = np.array(startingNoise(problem, batch)).reshape([batch, 2]);
  const repeated = Array.from({ length: batch }, () => problem.observation).flat();
  const context = np.array(Float32Array.from(repeated)).reshape([batch, 2]);
  const times = Array.from({ length: SAMPLING.steps }, (_, step) =>
    stepTimes(step).map((t) => np.array(timeFeatures(problem, t) as Float32Array<ArrayBuffer>).reshape([1, -1])),
  );
  const one = jit((x: np.Array, t0: np.Array, t1: np.Array, c: np.Array) => midpoint(net, x, t0, t1, c));
  const whole = jit((x: np.Array, c: np.Array) => {
    for (const [t0, t1] of times) x = midpoint(net, x, t0.ref, t1.ref, c.ref);
    c.dispose();
    return x;
  });
  const sample = (x: np.Array) => {
    if (scope === 'all steps') return whole(x, context.ref);
    for (const [t0, t1] of times) x = one(x, t0.ref, t1.ref, context.ref);
    return x;
  };
  return {
    name: `jax-js ${backend} ${precision}, ${scope}`,
    perStep: batch,
    run: async (steps) => {
      defaultDevice(backend);
      let x = noise.ref;
      for (let step = 0; step < steps; step++) x = sample(noise.ref.add(x.mul(NEXT)));
      await blockUntilReady(x);
      x.dispose();
    },
    samples: async () => {
      defaultDevice(backend);
      return (await sample(noise.ref).data()) as Float32Array;
    },
  };
}
