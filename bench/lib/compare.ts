/** Everybody's gradients per second at one batch size after another, in one run and on one machine. */
import type { GpuContext } from '../../src/gpu/context.ts';
import { FusedGradient } from './fused.ts';
import { bestForm, type JaxBackend, startJax } from './jax.ts';
import type { JaxForm, PixelRule } from './jax-model.ts';
import { type Contestant, type Rate, type RoundOptions, takeTurns } from './measure.ts';
import { type GradientProblem, gradientProblem } from './problem.ts';
import { gradientScales, likelihoodGradients, relativeError, TwinGradient } from './twin.ts';

/** Gradients must agree this well before anybody is timed. */
const TOLERANCE = 1e-5;
/** Stamps that set the scale of a gradient: a single one may happen to lie at its mode. */
const MIN_STAMPS = 64;

export interface GradientOptions extends RoundOptions {
  readonly batches: readonly number[];
  readonly shapes: readonly number[];
  readonly backends: readonly JaxBackend[];
}

export interface BatchResult {
  readonly batch: number;
  readonly rates: readonly Rate[];
  /** Which form of the jax-js model was the fastest, by contestant. */
  readonly forms: Readonly<
    Record<string, { readonly best: JaxForm; readonly rates: Partial<Record<JaxForm, number>> }>
  >;
  /** Largest relative difference from the f64 twin, by contestant. */
  readonly errors: Readonly<Record<string, number>>;
}

export interface Comparison {
  readonly adapter: string;
  /** Whether memory can be shared between threads, which jax-js's Wasm needs to use more than one. */
  readonly sharedMemory: boolean;
  readonly threads: number;
  /** Compile time of each shape, ms. */
  readonly compileMs: Readonly<Record<number, number>>;
  readonly batches: readonly BatchResult[];
}

export async function compareGradients(
  gpu: GpuContext,
  options: GradientOptions,
  log: (line: string) => void,
): Promise<Comparison> {
  await startJax(options.backends);
  const problem = gradientProblem(Math.max(MIN_STAMPS, ...options.batches));
  const judge = judgeOf(problem);
  const compileMs: Record<number, number> = {};
  const batches: BatchResult[] = [];
  for (const batch of options.batches) {
    const { contestants, ...rest } = await line(gpu, problem, judge, batch, options, compileMs);
    const rates = await takeTurns(contestants, options);
    for (const { name, median } of rates) log(`B ${batch}  ${name}: ${median.toFixed(0)}/s`);
    for (const contestant of contestants) contestant.close?.();
    batches.push({ batch, rates, ...rest });
  }
  return {
    adapter: gpu.report.name,
    sharedMemory: typeof SharedArrayBuffer !== 'undefined',
    threads: navigator.hardwareConcurrency,
    compileMs,
    batches,
  };
}

/** The twin's gradients of all stamps: in q, and of the likelihood alone in natural parameters, with their scales. */
function judgeOf(problem: GradientProblem) {
  const inQ = new TwinGradient(problem, problem.q.length / problem.spec.free).gradients();
  const natural = likelihoodGradients(problem, inQ);
  const { free } = problem.spec;
  return {
    inQ: { values: inQ, scales: gradientScales(inQ, free) },
    natural: { values: natural, scales: gradientScales(natural, free) },
  };
}

type Judge = ReturnType<typeof judgeOf>;
type Entrant = Contestant & { close?(): void };

/** The contestants of a batch size, each checked against the f64 twin. */
async function line(
  gpu: GpuContext,
  problem: GradientProblem,
  judge: Judge,
  batch: number,
  options: GradientOptions,
  compileMs: Record<number, number>,
): Promise<Omit<BatchResult, 'batch' | 'rates'> & { contestants: Entrant[] }> {
  const contestants: Entrant[] = [];
  const errors: Record<string, number> = {};
  const forms: Record<string, BatchResult['forms'][string]> = {};
  const twin = new TwinGradient(problem, batch);
  const check = (name: string, found: ArrayLike<number>, { values, scales }: Judge['inQ']) => {
    errors[name] = relativeError(found, values, scales);
    if (!(errors[name] <= TOLERANCE))
      throw new Error(`${name} at batch ${batch}: gradients differ from the f64 twin by ${errors[name]}.`);
  };
  for (const threadsPerChain of options.shapes) {
    const fused = await FusedGradient.open(gpu, problem, { threadsPerChain, count: batch, chainsPerStamp: 1 });
    compileMs[threadsPerChain] ??= fused.compileMs;
    const name = `fused, ${threadsPerChain} thread${threadsPerChain > 1 ? 's' : ''}`;
    await fused.run(1);
    check(name, await fused.gradients(), judge.inQ);
    contestants.push({ name, perStep: batch, run: (steps) => fused.run(steps), close: () => fused.close() });
  }
  for (const backend of options.backends) {
    for (const rule of ['2×2', '1'] satisfies PixelRule[]) {
      const name = `jax-js ${backend}, ${rule === '1' ? 'one point' : rule}`;
      const { best, rates } = await bestForm(backend, rule, problem, batch);
      if (rule === '2×2') check(name, await best.gradients(), judge.natural);
      forms[name] = { best: best.form, rates };
      contestants.push({ ...best, name });
    }
  }
  contestants.push({ name: 'f64 twin, one thread', perStep: batch, run: (steps) => twin.run(steps) });
  return { contestants, errors, forms };
}
