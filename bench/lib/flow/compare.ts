/** Everybody's samples per second at one batch size after another, in one run and on one machine. */
import type { GpuContext } from '../../../src/gpu/context.ts';
import { mlpLayout } from '../../../src/nn/mlp.ts';
import { NET_PRECISIONS, type NetPrecision } from '../../../src/nn/mlp-kernel.ts';
import { type Ceilings, measureCeilings } from '../ceilings.ts';
import { type JaxBackend, startJax } from '../jax.ts';
import { type Rate, type RoundOptions, takeTurns } from '../measure.ts';
import { cpuEntrant, OURS_ON_CPU } from './cpu-entrant.ts';
import type { Entrant } from './entrant.ts';
import { fusedEntrant, shippedTile } from './fused.ts';
import { JAX_SCOPES, type JaxPrecision, jaxEntrant } from './jax.ts';
import { type FlowProblem, flowProblem, relativeDifference, twinSamples, wordsOfNet } from './problem.ts';
import { twinEntrant } from './twin.ts';

/** Samples must agree with the f64 twin's this well before anybody is timed. In halves everywhere (jax-js f16) errors of 5e-4 add up over layers and steps. */
const TOLERANCE = { f32: 1e-5, half: 5e-3 };
/** Samples that are compared. */
const JUDGED = 64;
/** Trials of the forms that a contestant has: as long at least, and only where a batch takes no longer than the second. */
const TRIAL_MS = 300;
const LONGEST_TRIAL_S = 3;

export interface FlowOptions extends RoundOptions {
  readonly batches: readonly number[];
  readonly threads: number;
  /** Width of the hidden layers; that of the network that ships unless given. */
  readonly width?: number;
  /** A contestant that needs longer for one batch, going by the batch size before, is left out of it, seconds. */
  readonly limitS: number;
}

export interface FlowResult {
  readonly batch: number;
  readonly rates: readonly Rate[];
  /** Largest difference from the f64 twin over the samples' root mean square, by contestant. */
  readonly errors: Readonly<Record<string, number>>;
  /** Rates of one trial by contestant and form; the fastest was timed. */
  readonly forms: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** GPU memory of ours by contestant. */
  readonly bytes: Readonly<Record<string, number>>;
  readonly tooSlow: readonly string[];
}

export interface FlowComparison {
  readonly adapter: string;
  readonly software: boolean;
  /** Whether memory can be shared between threads, which Wasm needs to use more than one. */
  readonly sharedMemory: boolean;
  readonly threads: number;
  readonly flopPerSample: number;
  readonly net: string;
  readonly parameters: number;
  readonly weightBytes: Readonly<Record<NetPrecision, number>>;
  readonly tiles: Readonly<Record<string, string>>;
  readonly ceilings: Ceilings | null;
  readonly results: readonly FlowResult[];
}

/** A contestant in the forms that it comes in. */
interface Family {
  readonly name: string;
  readonly forms: readonly string[];
  readonly tolerance: number;
  enter(form: string, batch: number): Promise<Entrant & { readonly bytes?: number }>;
}

type Onnx = typeof import('./onnx.ts');

/** @param gpu null where there is none: the CPU paths alone. @param onnx given where it runs, in browsers. */
export async function compareSamplers(
  gpu: GpuContext | null,
  onnx: Onnx | null,
  options: FlowOptions,
  log: (line: string) => void,
): Promise<FlowComparison> {
  const problem = flowProblem(options.width);
  const judge = twinSamples(problem, JUDGED);
  const families = await familiesOf(gpu, onnx, problem, options);
  const known = new Map<string, { form: string; rate: number }>();
  const results: FlowResult[] = [];
  for (const batch of options.batches) {
    const result = { errors: {} as Record<string, number>, forms: {}, bytes: {} as Record<string, number> };
    const entrants: Entrant[] = [];
    const tooSlow: string[] = [];
    for (const family of families) {
      const before = known.get(family.name);
      if (before && batch / before.rate > options.limitS) tooSlow.push(family.name);
      else entrants.push(await fastestForm(family, batch, judge, before, result));
    }
    const rates = await takeTurns(entrants, options);
    for (const { name, median } of rates) {
      known.set(name, { form: known.get(name)?.form ?? '', rate: median });
      log(`B ${batch}  ${name}: ${median.toFixed(1)}/s`);
    }
    for (const [name, rates] of Object.entries(result.forms as Record<string, Record<string, number>>)) {
      const form = Object.keys(rates).reduce((best, each) => (rates[each] > rates[best] ? each : best));
      known.set(name, { form, rate: known.get(name)?.rate ?? rates[form] });
    }
    for (const entrant of entrants) entrant.close?.();
    results.push({ batch, rates, tooSlow, ...result });
  }
  const { parameters, size, hidden } = mlpLayout(problem.model.net);
  const bytes = (half: number) => hidden * half + (size - hidden) * 4;
  return {
    adapter: gpu?.report.name ?? 'no GPU',
    software: gpu?.report.software ?? true,
    sharedMemory: typeof SharedArrayBuffer !== 'undefined',
    threads: options.threads,
    flopPerSample: problem.flop,
    net: wordsOfNet(problem.model.net),
    parameters,
    weightBytes: { f32: bytes(4), 'f16-storage': bytes(2), f16: bytes(2) },
    tiles: gpu
      ? Object.fromEntries(
          NET_PRECISIONS.map((precision) => {
            const tiles = options.batches.map((batch) => {
              const { sampleGroups, neuronGroups } = shippedTile(gpu, problem, precision, batch);
              return `${sampleGroups} × ${neuronGroups}`;
            });
            return [precision, [...new Set(tiles)].join(', ')];
          }),
        )
      : {},
    ceilings: gpu ? await measureCeilings(gpu) : null,
    results,
  };
}

async function familiesOf(
  gpu: GpuContext | null,
  onnx: Onnx | null,
  problem: FlowProblem,
  { threads }: FlowOptions,
): Promise<Family[]> {
  const half = gpu?.device.features.has('shader-f16') ?? false;
  const jax = (backend: JaxBackend, precision: JaxPrecision): Family => ({
    name: `jax-js ${backend === 'webgpu' ? 'WebGPU' : 'Wasm'} ${precision}`,
    forms: JAX_SCOPES,
    tolerance: precision === 'f32' ? TOLERANCE.f32 : TOLERANCE.half,
    enter: async (form, batch) => jaxEntrant(backend, precision, form as (typeof JAX_SCOPES)[number], problem, batch),
  });
  const families: Family[] = [];
  await startJax(gpu ? ['webgpu', 'wasm'] : ['wasm']);
  if (gpu) {
    for (const precision of NET_PRECISIONS.filter((each) => each !== 'f16' || half)) {
      families.push({
        name: `Lockstep ${precision}`,
        forms: ['shipped'],
        tolerance: precision === 'f32' ? TOLERANCE.f32 : TOLERANCE.half,
        enter: (_, batch) => fusedEntrant(gpu, problem, precision, batch, shippedTile(gpu, problem, precision, batch)),
      });
    }
    families.push(jax('webgpu', 'f32'), ...(half ? [jax('webgpu', 'f16')] : []));
  }
  families.push(jax('wasm', 'f32'));
  if (onnx) {
    onnx.startOnnx(threads);
    for (const backend of gpu ? (['webgpu', 'wasm'] as const) : (['wasm'] as const))
      families.push({
        name: `ONNX Runtime Web ${backend === 'webgpu' ? 'WebGPU' : 'Wasm'}`,
        forms: onnx.ONNX_SCOPES,
        tolerance: TOLERANCE.f32,
        enter: (form, batch) => onnx.onnxEntrant(backend, form as (typeof onnx.ONNX_SCOPES)[number], problem, batch),
      });
  }
  families.push({
    name: OURS_ON_CPU,
    forms: ['shipped'],
    tolerance: TOLERANCE.f32,
    enter: (_, batch) => cpuEntrant(problem, batch),
  });
  families.push({
    name: 'f64 twin, one thread',
    forms: ['shipped'],
    tolerance: 0,
    enter: async (_, batch) => twinEntrant(problem, batch),
  });
  return families;
}

/** The fastest form of a contestant at a batch size, each form checked against the twin. */
async function fastestForm(
  { name, forms, tolerance, enter }: Family,
  batch: number,
  judge: Float64Array,
  before: { form: string; rate: number } | undefined,
  result: {
    errors: Record<string, number>;
    forms: Record<string, Record<string, number>>;
    bytes: Record<string, number>;
  },
): Promise<Entrant> {
  const long = before !== undefined && batch / before.rate > LONGEST_TRIAL_S;
  const tried = long && before.form !== '' ? [before.form] : forms;
  let best: { entrant: Entrant; rate: number } | undefined;
  for (const form of tried) {
    const entrant = await enter(form, batch);
    const error = relativeDifference(await entrant.samples(), judge, 2 * batch);
    if (!(error <= tolerance))
      throw new Error(`${name}, ${form}, batch ${batch}: differs from the f64 twin by ${error}.`);
    result.errors[name] = Math.max(error, result.errors[name] ?? 0);
    if (entrant.bytes !== undefined) result.bytes[name] = entrant.bytes;
    const rate = tried.length > 1 ? await trial(entrant) : 1;
    if (forms.length > 1) result.forms[name] = { ...result.forms[name], [form]: tried.length > 1 ? rate : Number.NaN };
    if (best && rate <= best.rate) entrant.close?.();
    else {
      best?.entrant.close?.();
      best = { entrant, rate };
    }
  }
  if (!best) throw new Error(`${name} has no form.`);
  return { ...best.entrant, name };
}

async function trial(entrant: Entrant): Promise<number> {
  await entrant.run(1);
  const begin = performance.now();
  let steps = 0;
  do {
    await entrant.run(1);
    steps++;
  } while (performance.now() - begin < TRIAL_MS);
  return (steps * entrant.perStep * 1000) / (performance.now() - begin);
}
