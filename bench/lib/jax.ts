/** jax-js as a contestant: jit(grad) of the same likelihood, on its WebGPU or its Wasm backend. */
import { blockUntilReady, defaultDevice, grad, init, jit, numpy as np, vmap } from '@jax-js/jax';
import { JAX_FORMS, type JaxForm, type JaxModel, jaxLikelihoods, jaxModel, type PixelRule } from './jax-model.ts';
import type { Contestant } from './measure.ts';
import type { GradientProblem } from './problem.ts';

export type JaxBackend = 'webgpu' | 'wasm';

/** Starts the backends; throws where one is missing. */
export async function startJax(backends: readonly JaxBackend[]): Promise<void> {
  const started = await init(...backends);
  for (const backend of backends)
    if (!started.includes(backend)) throw new Error(`jax-js has no ${backend} backend here; it has ${started}.`);
}

export interface JaxContestant extends Contestant {
  readonly form: JaxForm;
  /** ∇ log likelihood in (g1, g2, x, y) at the problem's points, [count][4]. */
  gradients(): Promise<Float32Array>;
}

/** θ + 1e-12 ∇: what the fused kernel does between evaluations. jax-js computes only what somebody reads, so each step needs the last. */
const NEXT = 1e-12;

export function jaxContestant(
  backend: JaxBackend,
  rule: PixelRule,
  form: JaxForm,
  problem: GradientProblem,
  count: number,
): JaxContestant {
  defaultDevice(backend);
  const { spec, stamps, theta } = problem;
  const pixels = spec.nx * spec.ny;
  const model = jaxModel(spec, rule);
  const data = np.array(stamps.slice(0, count * pixels)).reshape([count, pixels]);
  const start = np.array(theta.slice(0, count * 4)).reshape([count, 4]);
  const gradient = gradientOf(form, model);
  const evaluate = jit((t: np.Array, d: np.Array) => gradient(t, d));
  const step = jit((t: np.Array, d: np.Array) => t.ref.add(gradient(t, d).mul(NEXT)));
  let at = start.ref;
  return {
    name: `jax-js ${backend} ${rule} ${form}`,
    form,
    perStep: count,
    async run(steps) {
      defaultDevice(backend);
      for (let i = 0; i < steps; i++) at = step(at, data.ref);
      await blockUntilReady(at);
    },
    async gradients() {
      defaultDevice(backend);
      return (await evaluate(start.ref, data.ref).data()) as Float32Array;
    },
  };
}

function gradientOf(form: JaxForm, model: JaxModel): (theta: np.Array, data: np.Array) => np.Array {
  if (form === 'vmap') return vmap(grad((t: np.Array, d: np.Array) => jaxLikelihoods.single(model, t, d)));
  return grad((t: np.Array, d: np.Array) => jaxLikelihoods[form](model, t, d));
}

/** The fastest form at a batch size, by one timed batch each after compilation. */
export async function bestForm(
  backend: JaxBackend,
  rule: PixelRule,
  problem: GradientProblem,
  count: number,
): Promise<{ best: JaxContestant; rates: Partial<Record<JaxForm, number>> }> {
  const rates: Partial<Record<JaxForm, number>> = {};
  let best: JaxContestant | undefined;
  for (const form of JAX_FORMS) {
    const contestant = jaxContestant(backend, rule, form, problem, count);
    await contestant.run(1);
    const begin = performance.now();
    let steps = 0;
    do {
      await contestant.run(1);
      steps++;
    } while (performance.now() - begin < 200);
    rates[form] = (steps * count * 1000) / (performance.now() - begin);
    if (!best || rates[form] > (rates[best.form] ?? 0)) best = contestant;
  }
  if (!best) throw new Error('jax-js has no form of the model.');
  return { best, rates };
}
