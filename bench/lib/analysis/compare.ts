/** Everybody's derivatives of one model: compared with the f64 twin's first, then timed in turn, in one run and on one machine. */
import type { GpuContext } from '../../../src/gpu/context.ts';
import { type Ceilings, measureCeilings } from '../ceilings.ts';
import { type JaxBackend, startJax } from '../jax.ts';
import type { Clock } from '../measure.ts';
import type { AnalysisEntrant } from './entrant.ts';
import { jaxAnalysis } from './jax.ts';
import { onDevice, twin } from './ours.ts';
import { analysisProblem, flopOf, type ProblemOptions, type Quantity } from './problem.ts';
import type { TorchRequest } from './torch.ts';
import { type TurnOptions, type Turns, takeAnalysisTurns } from './turns.ts';

export interface AnalysisOptions extends ProblemOptions, TurnOptions {
  readonly quantities: readonly Quantity[];
  readonly jax: readonly JaxBackend[];
  readonly ceilings: boolean;
}

export interface QuantityResult {
  readonly quantity: Quantity;
  readonly flop: number;
  readonly turns: readonly Turns[];
  /** ‖theirs − f64‖ / ‖f64‖ by name. */
  readonly errors: Readonly<Record<string, number>>;
  /** What somebody cannot do, in his words, by name. */
  readonly absent: Readonly<Record<string, string>>;
}

export interface AnalysisComparison {
  readonly adapter: string;
  readonly parameters: number;
  readonly ceilings: Ceilings | null;
  readonly results: readonly QuantityResult[];
}

/** Above it somebody computes something else. */
const SAME = 1e-3;

export interface Outside {
  torch?(request: TorchRequest): Promise<readonly number[]>;
  processor?: Clock;
}

export async function compareAnalyses(
  gpu: GpuContext,
  options: AnalysisOptions,
  { torch, processor }: Outside,
  log: (line: string) => void,
): Promise<AnalysisComparison> {
  const problem = await analysisProblem(options);
  await startJax(options.jax);
  const exact = await twin(problem);
  const entrants: AnalysisEntrant[] = [
    await onDevice(gpu, problem),
    ...options.jax.map((backend) => jaxAnalysis(backend, problem)),
    ...(torch ? [torchEntrant(torch)] : []),
  ];
  const results: QuantityResult[] = [];
  for (const quantity of options.quantities) {
    const expected = await exact.output(quantity);
    const errors: Record<string, number> = {};
    const absent: Record<string, string> = {};
    const able: AnalysisEntrant[] = [];
    for (const entrant of entrants) {
      const { name } = entrant;
      try {
        const begin = performance.now();
        errors[name] = apart(await entrant.output(quantity), expected);
        const took = ((performance.now() - begin) / 1000).toFixed(1);
        log(`${quantity}, ${name}: ${errors[name].toExponential(1)} from f64, the first time in ${took} s`);
        if (errors[name] < SAME) able.push(entrant);
        else absent[name] = `it is ${errors[name].toExponential(1)} from f64`;
      } catch (error) {
        absent[name] = error instanceof Error ? error.message : String(error);
        log(`${quantity}, ${name}: ${absent[name]}`);
        if (name === 'Lockstep') throw error;
      }
    }
    const turns = await takeAnalysisTurns(able, quantity, options, processor);
    for (const { name, wall } of turns) log(`${quantity}, ${name}: ${wall.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    results.push({ quantity, flop: flopOf(problem, quantity), turns, errors, absent });
  }
  for (const entrant of [...entrants, exact]) entrant.close?.();
  const ceilings = options.ceilings ? await measureCeilings(gpu, processor) : null;
  return { adapter: gpu.report.name, parameters: problem.graph.size, ceilings, results };
}

function torchEntrant(ask: NonNullable<Outside['torch']>): AnalysisEntrant {
  return {
    name: 'PyTorch on the CPU',
    output: (quantity) => ask({ quantity, steps: 1, output: true }),
    run: async (quantity, steps) => {
      await ask({ quantity, steps, output: false });
    },
  };
}

function apart(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new RangeError(`${actual.length} numbers for ${expected.length}`);
  let [difference, norm] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2;
    norm += expected[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}
