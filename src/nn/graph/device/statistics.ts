/** What is read of attention patterns, and of values through the last norm and the unembedding. */
import type { PlannedBuffer } from '../../../gpu/plan.ts';
import type { Attention, Graph, Linear, Norm } from '../graph.ts';
import { HEAD_STATISTICS, LENS_STATISTICS, type Reals } from '../machine.ts';
import { BINDING, type GraphKernel, graphKernel, inWords } from './kernel.ts';
import type { Layout } from './layout.ts';
import { momentRows } from './moments.ts';
import type { Rows } from './rows.ts';
import { sharedKernel } from './shared-kernel.ts';
import type { MachineSizes } from './sizes.ts';

const WORD = 4;
const STATISTICS = 'statistics';
const LENS_PARTS = 'lensParts';
/** Numbers of what a run of the vocabulary comes to. */
const LENS_PART = 8;
/** Numbers of a head's statistics as they lie. */
const HEAD_STRIDE = 8;

/** Nothing of a network without attention and unembedding. */
export function statisticsBuffers({ graph, options, tokens, sizes }: Layout): PlannedBuffer[] {
  if (graph.head.kind !== 'cross-entropy') return [];
  const { rows, length } = options;
  const perPosition = LENS_STATISTICS.length * length;
  const perRow = HEAD_STRIDE * graph.heads;
  const numbers = Math.max(LENS_STATISTICS.length * tokens, rows * perRow);
  const formula = `${rows} rows × the greater of ${perPosition} numbers by position and ${perRow} by head × 4 B`;
  const runs = runsOf(graph.head.vocabulary, sizes);
  const parts = tokens * runs * LENS_PART;
  return [
    { name: STATISTICS, bytes: WORD * numbers, role: 'storage', bytesPerItem: (WORD * numbers) / rows, formula },
    {
      name: LENS_PARTS,
      bytes: WORD * parts,
      role: 'storage',
      bytesPerItem: (WORD * parts) / rows,
      formula: `${rows} rows × ${length} positions × ${runs} runs of ${sizes.lensRun} tokens × ${LENS_PART} × 4 B`,
    },
  ];
}

const runsOf = (vocabulary: number, { lensRun }: MachineSizes) => Math.ceil(vocabulary / lensRun);

function attentionOf({ blocks, operations }: Graph, block: number): Attention {
  const found = operations.find(
    (operation) => operation.kind === 'attention' && operation.pattern === blocks[block]?.pattern,
  );
  if (found?.kind !== 'attention') throw new RangeError(`there is no attention in block ${block}`);
  return found;
}

/** [row][head × query × key], 0 beyond the query. */
export async function patterns({ runtime, layout }: Rows, block: number): Promise<readonly Reals[]> {
  const attention = attentionOf(layout.graph, block);
  const { heads } = attention;
  const capacity = layout.options.length;
  const stride = 4 * Math.ceil(capacity / 4);
  const own = layout.patternNumbers(attention);
  const { starts, rows } = runtime.flight;
  const found: Float32Array[] = [];
  for (let row = 0; row < rows; row++) {
    const all = await runtime.fetch(layout.pattern(attention), row * own, own);
    const length = starts[row + 1] - starts[row];
    const pattern = new Float32Array(heads * length * length);
    for (let head = 0; head < heads; head++)
      for (let query = 0; query < length; query++) {
        const at = (head * capacity + query) * stride;
        pattern.set(all.subarray(at, at + query + 1), (head * length + query) * length);
      }
    found.push(pattern);
  }
  return found;
}

/** [row][head × HEAD_STATISTICS.length] */
export async function headStatistics({ runtime, layout }: Rows, block: number): Promise<readonly Reals[]> {
  const attention = attentionOf(layout.graph, block);
  const { heads } = attention;
  const kernels = await runtime.bind(`headStatistics|${block}`, () => [headKernel(layout, attention)]);
  await runtime.submit(kernels);
  const { rows } = runtime.flight;
  const all = await runtime.fetch(STATISTICS, 0, rows * heads * HEAD_STRIDE);
  const count = HEAD_STATISTICS.length;
  return Array.from({ length: rows }, (_, row) => {
    const own = new Float32Array(heads * count);
    for (let head = 0; head < heads; head++) {
      const at = (row * heads + head) * HEAD_STRIDE;
      own.set(all.subarray(at, at + count), head * count);
    }
    return own;
  });
}

export function headKernel(layout: Layout, attention: Attention): GraphKernel {
  const { heads } = attention;
  return sharedKernel(layout.sizes, {
    module: 'head_statistics',
    buffers: { 1: layout.pattern(attention), [BINDING.batch]: 'batch', [BINDING.sink]: STATISTICS },
    constants: { HEADS: inWords(heads) },
    groups: ({ rows }) => rows * heads,
  });
}

/** [row][position × LENS_STATISTICS.length]. @throws RangeError for a network without a last norm, and for a value of another width */
export async function lens(rows: Rows, value: string): Promise<readonly Reals[]> {
  const { runtime, layout } = rows;
  await rows.output();
  const { theta } = rows.context;
  const kernels = await runtime.bind(`lens|${theta}|${value}`, () => lensKernels(layout, theta, value));
  await runtime.submit(kernels);
  return runtime.fetchRows(STATISTICS, LENS_STATISTICS.length, LENS_STATISTICS.length);
}

export function lensKernels(layout: Layout, theta: string, value: string): GraphKernel[] {
  const { graph } = layout;
  const norm = graph.operations.find((operation) => operation.kind === 'norm' && operation.out === graph.final);
  const head = graph.operations.find((operation) => operation.kind === 'linear' && operation.out === graph.output);
  if (norm?.kind !== 'norm' || head?.kind !== 'linear' || head.layout !== 'out-in')
    throw new RangeError('a network without a last norm and an unembedding has no lens');
  if (graph.widths[value] !== graph.widths[norm.x]) throw new RangeError(`${value} is not as wide as ${norm.x}`);
  return [normKernel(layout, theta, norm, value), lensKernel(layout, theta, head), lensEndKernel(layout, head)];
}

function normKernel(layout: Layout, theta: string, { norm, epsilon, ...names }: Norm, value: string): GraphKernel {
  const width = layout.graph.widths[value];
  const weight = layout.tensor(names.weight, theta);
  const bias = names.bias === undefined ? undefined : layout.tensor(names.bias, theta);
  return graphKernel(layout.sizes, {
    module: 'lens_norm',
    buffers: {
      1: layout.value(value),
      3: weight.bound,
      4: bias?.bound,
      [BINDING.batch]: 'batch',
      [BINDING.sink]: momentRows('x'),
    },
    conditions: { rms: norm === 'rms', biased: bias !== undefined },
    constants: {
      WIDTH: inWords(width),
      EPSILON: epsilon,
      WEIGHT_SKIP: inWords(weight.skip),
      BIAS_SKIP: inWords(bias?.skip ?? 0),
    },
    threads: ({ tokens }) => tokens,
  });
}

function lensKernel(layout: Layout, theta: string, { weight, bias, inputs, outputs, out }: Linear): GraphKernel {
  const w = layout.tensor(weight, theta);
  const b = bias === undefined ? undefined : layout.tensor(bias, theta);
  const block = layout.sizes.productRows;
  const runs = runsOf(outputs, layout.sizes);
  return sharedKernel(layout.sizes, {
    module: 'lens',
    buffers: {
      1: momentRows('x'),
      2: w.bound,
      3: layout.value(out),
      4: b?.bound,
      [BINDING.batch]: 'batch',
      [BINDING.sink]: LENS_PARTS,
    },
    conditions: { w4: w.skip % 4 === 0 && inputs % 4 === 0, biased: b !== undefined },
    constants: {
      WIDTH: inWords(inputs),
      OUTPUTS: inWords(outputs),
      RUN: inWords(layout.sizes.lensRun),
      RUNS: inWords(runs),
      W_SKIP: inWords(w.skip),
      B_SKIP: inWords(b?.skip ?? 0),
      BLOCK: inWords(block),
    },
    unroll: { r: block },
    groups: ({ tokens }) => Math.ceil(tokens / block) * runs,
  });
}

function lensEndKernel(layout: Layout, { outputs }: Linear): GraphKernel {
  return graphKernel(layout.sizes, {
    module: 'lens_end',
    buffers: { 1: LENS_PARTS, [BINDING.batch]: 'batch', [BINDING.sink]: STATISTICS },
    constants: { RUNS: inWords(runsOf(outputs, layout.sizes)) },
    threads: ({ tokens }) => tokens,
  });
}
