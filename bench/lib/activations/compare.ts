/** Everybody's tokens a second at one batch size after another, in one run and on one machine. */
import type { GpuContext } from '../../../src/gpu/context.ts';
import { type Ceilings, measureCeilings } from '../ceilings.ts';
import { type JaxBackend, startJax } from '../jax.ts';
import { type Clock, type Rate, type RoundOptions, takeTurns } from '../measure.ts';
import type { DecoderEntrant } from './entrant.ts';
import { jaxEntrant } from './jax.ts';
import { cpuEntrant, ourEntrant } from './ours.ts';
import { type DecoderProblem, decoderProblem, expectedTokens } from './problem.ts';

export interface DecodersOptions extends RoundOptions {
  readonly models: readonly string[];
  readonly batches: readonly number[];
  readonly prompt: number;
  readonly drawn: number;
  readonly threads: number;
  readonly clock: 'wall' | 'processor';
  /** A contestant that needs longer for one generation, going by the batch size before, is left out, seconds. */
  readonly limitS: number;
}

export interface DecodersResult {
  readonly model: string;
  readonly batch: number;
  /** Tokens drawn a second of whole generations, and positions of prompts read. */
  readonly drawing: readonly Rate[];
  readonly reading: readonly Rate[];
  /** Of the tokens that the f64 twin draws, those that a contestant draws, by name. */
  readonly equal: Readonly<Record<string, number>>;
  readonly tooSlow: readonly string[];
}

export interface DecodersComparison {
  readonly adapter: string;
  readonly sharedMemory: boolean;
  readonly threads: number;
  readonly models: readonly { readonly name: string; readonly products: number }[];
  readonly ceilings: Ceilings | null;
  readonly results: readonly DecodersResult[];
  readonly absent: Readonly<Record<string, string>>;
}

type Onnx = typeof import('./onnx.ts');

interface Family {
  readonly name: string;
  enter(problem: DecoderProblem, texts: number): Promise<DecoderEntrant>;
}

/** @param onnx given where it runs, in browsers. @param clock the wall's unless given */
export async function compareDecoders(
  gpu: GpuContext,
  onnx: Onnx | null,
  options: DecodersOptions,
  log: (line: string) => void,
  clock?: Clock,
): Promise<DecodersComparison> {
  const families = await familiesOf(gpu, onnx, options);
  const results: DecodersResult[] = [];
  const models: { name: string; products: number }[] = [];
  const absent: Record<string, string> = {};
  for (const model of options.models) {
    const problem = decoderProblem(model, options.prompt, options.drawn);
    models.push({ name: model, products: problem.products });
    const expected = await expectedTokens(problem, Math.min(2, Math.max(...options.batches)));
    const known = new Map<string, number>();
    for (const batch of options.batches) {
      const equal: Record<string, number> = {};
      const entrants: DecoderEntrant[] = [];
      const tooSlow: string[] = [];
      for (const { name, enter } of families.filter((family) => !(family.name in absent))) {
        const before = known.get(name);
        if (before !== undefined && (batch * options.drawn) / before > options.limitS) tooSlow.push(name);
        else
          try {
            const entrant = await enter(problem, batch);
            equal[name] = share(await entrant.generate(), expected);
            log(`${model}, B ${batch}  ${name}: ${(100 * equal[name]).toFixed(1)} % of the twin's tokens`);
            entrants.push(entrant);
          } catch (error) {
            if (name.startsWith('Lockstep')) throw error;
            absent[name] = error instanceof Error ? error.message : String(error);
            log(`${name}: ${absent[name]}`);
          }
      }
      const turns = (run: (entrant: DecoderEntrant) => Promise<unknown>, perStep: number) =>
        takeTurns(
          entrants.map((entrant) => ({
            name: entrant.name,
            perStep,
            run: async (steps) => {
              for (let step = 0; step < steps; step++) await run(entrant);
            },
          })),
          options,
          clock,
        );
      const drawing = await turns((entrant) => entrant.generate(), batch * options.drawn);
      const reading = await turns((entrant) => entrant.read(), batch * options.prompt);
      for (const [i, { name, median }] of drawing.entries()) {
        known.set(name, median);
        log(`${model}, B ${batch}  ${name}: ${median.toFixed(0)} drawn, ${reading[i].median.toFixed(0)} read`);
      }
      for (const entrant of entrants) entrant.close?.();
      results.push({ model, batch, drawing, reading, equal, tooSlow });
    }
  }
  return {
    adapter: gpu.report.name,
    sharedMemory: typeof SharedArrayBuffer !== 'undefined',
    threads: options.threads,
    models,
    ceilings: await measureCeilings(gpu, clock),
    results,
    absent,
  };
}

/** Of the expected texts that there are. */
function share(found: readonly (readonly number[])[], expected: readonly (readonly number[])[]): number {
  const ids = expected.slice(0, found.length).flatMap((text, i) => text.map((id, at) => found[i][at] === id));
  return ids.filter(Boolean).length / ids.length;
}

async function familiesOf(gpu: GpuContext, onnx: Onnx | null, { threads }: DecodersOptions): Promise<Family[]> {
  await startJax(['webgpu', 'wasm']);
  const jax = (backend: JaxBackend): Family => ({
    name: `jax-js ${backend === 'webgpu' ? 'WebGPU' : 'Wasm'}`,
    enter: async (problem, texts) => jaxEntrant(backend, problem, texts),
  });
  onnx?.startOnnx(threads);
  const backends = ['webgpu', 'wasm'] as const;
  return [
    ...(['fused', 'layered'] as const).map(
      (form): Family => ({
        name: `Lockstep ${form}`,
        enter: (problem, texts) => ourEntrant(gpu, form, problem, texts),
      }),
    ),
    { name: 'Lockstep on the CPU', enter: cpuEntrant },
    ...backends.map(jax),
    ...(onnx
      ? backends.map(
          (backend): Family => ({
            name: `ONNX Runtime Web ${backend === 'webgpu' ? 'WebGPU' : 'Wasm'}`,
            enter: (problem, texts) => onnx.onnxEntrant(backend, problem, texts),
          }),
        )
      : []),
  ];
}
