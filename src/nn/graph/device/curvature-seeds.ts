/** Seeds of curvature: given labels, classes, the Gauss–Newton matrix and the empirical Fisher. */
import type { Seed } from '../machine.ts';
import { BINDING, type GraphKernel, graphKernel, inWords } from './kernel.ts';
import type { Layout } from './layout.ts';
import type { Rows } from './rows.ts';
import type { SeedPlan } from './seed-plan.ts';
import { sharedKernel } from './shared-kernel.ts';

type CurvatureSeed = Extract<Seed, { kind: 'labels' | 'class' | 'gauss-newton' | 'empirical-fisher' }>;

/** What a kernel of `curvature_seed.wgsl` computes. */
export type SeedForm = 'curved' | 'empirical' | 'labelled' | 'classes';

const FORMS: Readonly<Record<CurvatureSeed['kind'], SeedForm>> = {
  labels: 'labelled',
  class: 'classes',
  'gauss-newton': 'curved',
  'empirical-fisher': 'empirical',
};

/** In the place of a label: there is none. */
const NO_LABEL = 0xffffffff;

/**
 * Uploads weights, labels or picks.
 * @throws RangeError for what does not fit the rows in flight, for a squared error's labels and classes, and for what needs a direction before there is one
 */
export async function curvatureSeed(rows: Rows, seed: CurvatureSeed): Promise<SeedPlan> {
  const { layout } = rows;
  const { output, head } = layout.graph;
  const { kind } = seed;
  if (kind === 'gauss-newton' || kind === 'empirical-fisher') rows.direction();
  const squared = head.kind === 'squared-error';
  if (squared && kind !== 'gauss-newton') throw new RangeError(`a squared error has no seed of ${kind}`);
  await rows.lossesThere();
  if (kind === 'class') uploadClasses(rows, seed);
  else uploadWeights(rows, seed);
  const form = FORMS[kind];
  return {
    from: output,
    key: `seed|${form}`,
    kernels: () => [outputKernel(layout, form, layout.adjoint(output))],
    clear: [],
  };
}

/** Derivative of the output's adjoint behind a seed of `loss` or `labels`, whose weights are uploaded. */
export function curvedOutputKernel(layout: Layout): GraphKernel {
  return outputKernel(layout, 'curved', layout.second(layout.graph.output));
}

/** One weight a position, and labels. Positions without a next token have none, unless labels are given. */
export function uploadWeights(
  { runtime, layout, ids }: Rows,
  seed: Extract<Seed, { readonly weights: readonly ArrayLike<number>[] }>,
): void {
  const { starts, rows, tokens } = runtime.flight;
  const given = seed.kind === 'labels' ? seed.labels : undefined;
  const ends = layout.graph.head.kind === 'cross-entropy' && given === undefined;
  const weights = new Float32Array(tokens);
  const labels = new Uint32Array(tokens).fill(NO_LABEL);
  for (let row = 0; row < rows; row++) {
    const length = starts[row + 1] - starts[row];
    if (seed.weights[row]?.length !== length)
      throw new RangeError(`${seed.weights[row]?.length ?? 'no'} weights for row ${row} of ${length} positions`);
    for (let t = 0; t < length - (ends ? 1 : 0); t++) {
      weights[starts[row] + t] = seed.weights[row][t];
      labels[starts[row] + t] = given ? given[row][t] : (ids[row]?.[t + 1] ?? NO_LABEL);
    }
  }
  runtime.upload('weights', weights);
  if (ends || given) runtime.upload('labels', labels);
}

/** Lists of every position's picks. */
function uploadClasses({ runtime, layout }: Rows, { picks }: Extract<Seed, { kind: 'class' }>): void {
  const { starts, rows, tokens } = runtime.flight;
  if (picks.length > tokens) throw new RangeError(`${picks.length} picks of classes in ${tokens} positions`);
  const outputs = layout.graph.widths[layout.graph.output];
  const placed = picks.map(({ row, position, index, weight }) => {
    const there = row >= 0 && row < rows && position >= 0 && position < starts[row + 1] - starts[row];
    if (!there || index < 0 || index >= outputs)
      throw new RangeError(`there is no output ${index} at position ${position} of row ${row}`);
    return { at: starts[row] + position, index, weight };
  });
  placed.sort((a, b) => a.at - b.at);
  const words = new Uint32Array(4 * tokens);
  const numbers = new Float32Array(words.buffer);
  placed.forEach(({ at, index, weight }, i) => {
    if (words[4 * at + 1]++ === 0) words[4 * at] = i;
    words[4 * i + 2] = index;
    numbers[4 * i + 3] = weight;
  });
  runtime.upload('picks', words);
}

/** @param into adjoint of the output, or its derivative */
export function outputKernel(layout: Layout, form: SeedForm, into: string): GraphKernel {
  const { graph } = layout;
  const { output, head } = graph;
  if (head.kind === 'squared-error') return squaredKernel(layout, into);
  const along = form === 'curved' || form === 'empirical';
  return sharedKernel(layout.sizes, {
    module: 'curvature_seed',
    buffers: {
      1: layout.value(output),
      2: along ? layout.tangent(output) : undefined,
      3: 'logSums',
      4: form === 'classes' ? undefined : 'weights',
      5: form === 'empirical' || form === 'labelled' ? 'labels' : undefined,
      6: form === 'classes' ? 'picks' : undefined,
      [BINDING.batch]: 'batch',
      [BINDING.sink]: into,
    },
    conditions: { [form]: true },
    constants: { OUTPUTS: inWords(head.vocabulary) },
    groups: ({ tokens }) => tokens,
  });
}

function squaredKernel(layout: Layout, into: string): GraphKernel {
  const { output } = layout.graph;
  const width4 = layout.stride(output) / 4;
  return graphKernel(layout.sizes, {
    module: 'squared_seed',
    buffers: { 1: layout.tangent(output), 4: 'weights', [BINDING.batch]: 'batch', [BINDING.sink]: into },
    constants: { WIDTH4: inWords(width4) },
    threads: ({ tokens }) => tokens * width4,
  });
}
