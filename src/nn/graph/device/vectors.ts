/** Vectors of θ's size: linear combinations, and dot products tensor by tensor in a fixed order of sums. */
import type { PlannedBuffer } from '../../../gpu/plan.ts';
import { type Graph, numbersOf } from '../graph.ts';
import type { Bound } from './flight.ts';
import { type GraphKernel, graphKernel, inWords } from './kernel.ts';
import { type Layout, wholeVector } from './layout.ts';
import type { Runtime } from './runtime.ts';

const WORD = 4;
const PARTS = 'dotParts';
const RUNS = 'dotRuns';
const FACTORS = 'factors';

/** Runs of numbers of one tensor each: where they begin and end. */
function runsOf(
  { parameters }: Graph,
  run: number,
): { readonly tensor: number; readonly from: number; readonly to: number }[] {
  return parameters.flatMap(({ at, shape }, tensor) => {
    const end = at + numbersOf(shape);
    return Array.from({ length: Math.ceil((end - at) / run) }, (_, i) => ({
      tensor,
      from: at + i * run,
      to: Math.min(end, at + (i + 1) * run),
    }));
  });
}

export function vectorBuffers({ graph, sizes }: Layout): PlannedBuffer[] {
  const runs = runsOf(graph, sizes.dotRun).length;
  const buffer = (name: string, numbers: number, formula: string): PlannedBuffer => ({
    name,
    bytes: numbers * WORD,
    role: 'storage',
    bytesPerItem: 0,
    formula: `${formula} × 4 B`,
  });
  return [
    buffer(RUNS, 2 * runs, `${runs} runs of ${sizes.dotRun} numbers of a tensor × 2`),
    buffer(PARTS, runs, `${runs} runs of ${sizes.dotRun} numbers of a tensor`),
    buffer(FACTORS, sizes.combineTerms + 1, `${sizes.combineTerms} factors and one more`),
  ];
}

export class Vectors {
  readonly #runtime: Runtime;
  readonly #runs: ReturnType<typeof runsOf>;

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
    const { graph, sizes } = runtime.layout;
    this.#runs = runsOf(graph, sizes.dotRun);
    runtime.upload(RUNS, Uint32Array.from(this.#runs.flatMap(({ from, to }) => [from, to])));
  }

  /** @throws RangeError for another number of numbers */
  write(vector: string, numbers: ArrayLike<number>): void {
    const { size } = this.#runtime.layout.graph;
    if (numbers.length !== size) throw new RangeError(`${numbers.length} numbers for ${size} parameters`);
    this.#runtime.upload(`p:${vector}`, Float32Array.from(numbers));
  }

  read(vector: string): Promise<Float32Array> {
    return this.#runtime.fetch(`p:${vector}`, 0, this.#runtime.layout.graph.size);
  }

  /** target ← Σ factor · vector, in the order of the terms; what the target holds comes first. */
  async combine(target: string, terms: readonly (readonly [factor: number, vector: string])[]): Promise<void> {
    const { layout } = this.#runtime;
    const most = layout.sizes.combineTerms;
    const held = terms.filter(([, vector]) => vector === target);
    let own = held.reduce((sum, [factor]) => sum + factor, 0);
    let kept = held.length > 0;
    const others = terms.filter(([, vector]) => vector !== target);
    if (terms.length === 0) await this.#runtime.submit([], [`p:${target}`]);
    else
      for (let first = 0; first === 0 || first < others.length; first += most) {
        const some = others.slice(first, first + most);
        this.#runtime.upload(FACTORS, Float32Array.from([own, ...some.map(([factor]) => factor)]));
        const names = some.map(([, vector]) => vector);
        const kernels = await this.#runtime.bind(`combine|${kept}|${target}|${names.join('|')}`, () => [
          combineKernel(layout, target, names, kept),
        ]);
        await this.#runtime.submit(kernels);
        own = 1;
        kept = true;
      }
  }

  async dots(a: string, b: string): Promise<Float64Array> {
    const runtime = this.#runtime;
    const { graph } = runtime.layout;
    const kernels = await runtime.bind(`dots|${a}|${b}`, () => [dotKernel(runtime.layout, this.#runs.length, a, b)]);
    await runtime.submit(kernels);
    const parts = await runtime.fetch(PARTS, 0, this.#runs.length);
    const sums = new Float64Array(graph.parameters.length);
    this.#runs.forEach(({ tensor }, run) => {
      sums[tensor] += parts[run];
    });
    return sums;
  }
}

function combineKernel(layout: Layout, target: string, vectors: readonly string[], kept: boolean): GraphKernel {
  const quads = layout.vectorNumbers / 4;
  const buffers: Record<number, Bound> = { 0: wholeVector(target), 1: FACTORS };
  vectors.forEach((vector, i) => {
    buffers[2 + i] = wholeVector(vector);
  });
  const conditions = { kept, ...Object.fromEntries(vectors.map((_, i) => [`term${i}`, true])) };
  return graphKernel(layout.sizes, {
    module: 'combine',
    buffers,
    conditions,
    constants: { QUADS: inWords(quads) },
    threads: () => quads,
  });
}

function dotKernel(layout: Layout, runs: number, a: string, b: string): GraphKernel {
  const same = a === b;
  return graphKernel(layout.sizes, {
    module: 'dot',
    buffers: { 0: wholeVector(a), 1: same ? undefined : wholeVector(b), 2: RUNS, 3: PARTS },
    conditions: { same },
    constants: { RUNS: inWords(runs) },
    threads: () => runs,
  });
}
