/** Everybody's evaluations of the network per second at one batch size after another, in one run and on one machine. */
import type { GpuContext } from '../../../src/gpu/context.ts';
import { type Ceilings, measureCeilings } from '../ceilings.ts';
import { type JaxBackend, startJax } from '../jax.ts';
import { type Clock, type Rate, type RoundOptions, takeTurns } from '../measure.ts';
import { cpuEntrant, OURS_ON_CPU } from './cpu-entrant.ts';
import { deviceEntrant, OURS } from './device.ts';
import type { Entrant } from './entrant.ts';
import { jaxEntrant } from './jax.ts';
import { type CellsProblem, cellsProblem, differenceFrom } from './problem.ts';
import { type Sampling, sampleCells } from './sampling.ts';

/** Logits must agree with the f64 twin's this well before anybody is timed; in halves thousands of times less. */
export const TOLERANCE = { f32: 1e-5, half: 1e-2 };
/** Added to a contestant's name where it gives only the logits of genes that reveal. */
export const ONLY_REVEALING = ', only what reveals';

export interface CellsOptions extends RoundOptions {
  readonly genes: readonly number[];
  readonly batches: readonly number[];
  readonly threads: number;
  /** Rates go by seconds of the wall, or of processors: those tell the same on a machine that does other work too. */
  readonly clock: 'wall' | 'processor';
  /** A contestant that needs longer for one batch, going by the batch size before, is left out of it, seconds. */
  readonly limitS: number;
  /** Cells of the whole samplings, of the first number of genes; 0: none. */
  readonly samplings: number;
}

export interface CellsResult {
  readonly genes: number;
  readonly batch: number;
  readonly rates: readonly Rate[];
  /** Largest difference from the f64 twin over the logits' root mean square, by contestant. */
  readonly errors: Readonly<Record<string, number>>;
  /** Device memory of ours by contestant. */
  readonly bytes: Readonly<Record<string, number>>;
  readonly tooSlow: readonly string[];
}

export interface CellsComparison {
  readonly adapter: string;
  /** Whether memory can be shared between threads, which Wasm needs to use more than one. */
  readonly sharedMemory: boolean;
  readonly threads: number;
  readonly networks: readonly { readonly genes: number; readonly parameters: number; readonly flop: number }[];
  readonly ceilings: Ceilings | null;
  readonly results: readonly CellsResult[];
  readonly samplings: readonly Sampling[];
  /** Contestants that do not run here, and what they said. */
  readonly absent: Readonly<Record<string, string>>;
}

interface Family {
  readonly name: string;
  readonly tolerance: number;
  enter(problem: CellsProblem, batch: number): Promise<Entrant>;
}

type Onnx = typeof import('./onnx.ts');

/**
 * @param gpu null where there is none: the CPU paths alone. @param onnx given where it runs, in browsers.
 * @param clock by which rates are counted; the wall's unless given
 */
export async function compareNetworks(
  gpu: GpuContext | null,
  onnx: Onnx | null,
  options: CellsOptions,
  log: (line: string) => void,
  clock?: Clock,
): Promise<CellsComparison> {
  const families = await familiesOf(gpu, onnx, options);
  const results: CellsResult[] = [];
  const networks: CellsComparison['networks'][number][] = [];
  const absent: Record<string, string> = {};
  for (const genes of options.genes) {
    const problem = cellsProblem(genes);
    networks.push({ genes, parameters: problem.count, flop: problem.flop });
    const known = new Map<string, number>();
    for (const batch of options.batches) {
      const result = { errors: {} as Record<string, number>, bytes: {} as Record<string, number> };
      const entrants: Entrant[] = [];
      const tooSlow: string[] = [];
      for (const family of families.filter(({ name }) => !(name in absent))) {
        const before = known.get(family.name);
        if (before !== undefined && batch / before > options.limitS) tooSlow.push(family.name);
        else
          try {
            entrants.push(await checked(family, problem, batch, result, log));
          } catch (error) {
            if (!isForeign(family.name)) throw error;
            absent[family.name] = error instanceof Error ? error.message : String(error);
            log(`${family.name}: ${absent[family.name]}`);
          }
      }
      const rates = await takeTurns(entrants, options, clock);
      for (const { name, median } of rates) {
        known.set(name, median);
        log(`${genes} genes, B ${batch}  ${name}: ${median.toFixed(2)}/s`);
      }
      for (const entrant of entrants) entrant.close?.();
      results.push({ genes, batch, rates, tooSlow, ...result });
    }
  }
  const samplings =
    options.samplings > 0 ? await sampleCells(gpu, cellsProblem(options.genes[0]), options.samplings, log, clock) : [];
  return {
    adapter: gpu?.report.name ?? 'no GPU',
    sharedMemory: typeof SharedArrayBuffer !== 'undefined',
    threads: options.threads,
    networks,
    ceilings: gpu ? await measureCeilings(gpu, clock) : null,
    results,
    samplings,
    absent,
  };
}

/** Ours may not fail; others may not run everywhere. */
const isForeign = (name: string) => !name.startsWith('Lockstep');

async function familiesOf(gpu: GpuContext | null, onnx: Onnx | null, { threads }: CellsOptions): Promise<Family[]> {
  const families: Family[] = [];
  const jax = (backend: JaxBackend): Family => ({
    name: `jax-js ${backend === 'webgpu' ? 'WebGPU' : 'Wasm'}`,
    tolerance: TOLERANCE.f32,
    enter: async (problem, batch) => jaxEntrant(backend, problem, batch),
  });
  await startJax(gpu ? ['webgpu', 'wasm'] : ['wasm']);
  if (gpu) {
    const half = gpu.device.features.has('shader-f16');
    for (const precision of ['f32', ...(half ? (['f16'] as const) : [])] as const)
      families.push({
        name: precision === 'f32' ? OURS : `Lockstep ${precision}`,
        tolerance: precision === 'f32' ? TOLERANCE.f32 : TOLERANCE.half,
        enter: (problem, batch) => deviceEntrant(gpu, problem, batch, precision, 'all'),
      });
    families.push({
      name: `${OURS}${ONLY_REVEALING}`,
      tolerance: TOLERANCE.f32,
      enter: (problem, batch) => deviceEntrant(gpu, problem, batch, 'f32', 'revealing'),
    });
    families.push(jax('webgpu'));
  }
  families.push(jax('wasm'));
  if (onnx) {
    onnx.startOnnx(threads);
    for (const backend of gpu ? (['webgpu', 'wasm'] as const) : (['wasm'] as const))
      families.push({
        name: `ONNX Runtime Web ${backend === 'webgpu' ? 'WebGPU' : 'Wasm'}`,
        tolerance: TOLERANCE.f32,
        enter: (problem, batch) => onnx.onnxEntrant(backend, problem, batch),
      });
  }
  for (const asked of ['all', 'revealing'] as const)
    families.push({
      name: `${OURS_ON_CPU}${asked === 'all' ? '' : ONLY_REVEALING}`,
      tolerance: TOLERANCE.f32,
      enter: ({ spec }, batch) => cpuEntrant({ genes: spec.genes, batch, asked }),
    });
  return families;
}

/** A contestant at a batch size, held against the twin. */
async function checked(
  { name, tolerance, enter }: Family,
  problem: CellsProblem,
  batch: number,
  { errors, bytes }: { errors: Record<string, number>; bytes: Record<string, number> },
  log: (line: string) => void,
): Promise<Entrant> {
  const entrant = await enter(problem, batch);
  if (entrant.logits) {
    errors[name] = differenceFrom(problem, await entrant.logits());
    if (!(errors[name] <= tolerance))
      throw new Error(
        `${name}, ${problem.spec.genes} genes, batch ${batch}: differs from the f64 twin by ${errors[name]}.`,
      );
  }
  log(`${problem.spec.genes} genes, B ${batch}  ${name}: ${errors[name]?.toExponential(1) ?? 'opened'}`);
  if (entrant.bytes !== undefined) bytes[name] = entrant.bytes;
  return { ...entrant, name };
}
