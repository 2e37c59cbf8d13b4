/** Seeds of a loss, and of single outputs. */
import type { Linear } from '../graph.ts';
import type { Seed } from '../machine.ts';
import { BINDING, type GraphKernel, graphKernel, inWords } from './kernel.ts';
import type { Layout } from './layout.ts';
import { outputsOf } from './loss.ts';
import type { Rows } from './rows.ts';
import { packedRows } from './runtime.ts';
import type { SeedPlan } from './seed-plan.ts';
import { matrixPart, tailPart } from './tensors.ts';

/** Output's adjoint: ω (p − y), or 2 ω (y − target). */
export function lossSeedKernel(layout: Layout): GraphKernel {
  const { graph } = layout;
  const stride4 = layout.stride(graph.output) / 4;
  const squared = graph.head.kind === 'squared-error';
  const { conditions, constants } = tailPart(outputsOf(layout));
  return graphKernel(
    { threads: layout.sizes.pointThreads },
    {
      module: 'loss_seed',
      buffers: {
        0: layout.value(graph.output),
        1: 'weights',
        2: squared ? 'targets' : 'logSums',
        [BINDING.batch]: 'batch',
        [BINDING.sink]: layout.adjoint(graph.output),
      },
      conditions: { ...conditions, squared },
      constants: { ...constants, OUTPUTS4: inWords(stride4) },
      threads: ({ tokens }) => tokens * stride4,
    },
  );
}

/** One number a position, as they lie in `weights`. @throws RangeError for another number of them */
export function packedWeights({ runtime }: Rows, weights: readonly ArrayLike<number>[]): Float32Array<ArrayBuffer> {
  return packedRows(weights, runtime.flight, 1, 1);
}

type Picks = Extract<Seed, { kind: 'outputs' }>['picks'];

/** The last product, where it alone reads what it reads: picks go past it. */
function lastProduct({ graph }: Layout): Linear | undefined {
  const last = graph.operations.find(({ out }) => out === graph.output);
  return last?.kind === 'linear' && last.x === graph.final ? last : undefined;
}

/** @param gradients gradients by parameters are asked for: the output's own adjoint is needed */
export async function picksSeed(
  rows: Rows,
  { picks }: Extract<Seed, { kind: 'outputs' }>,
  gradients: boolean,
): Promise<SeedPlan> {
  const { runtime, layout } = rows;
  const product = gradients ? undefined : lastProduct(layout);
  const from = product ? product.x : layout.graph.output;
  const to = layout.adjoint(from);
  const key = `seed|outputs|${rows.context.theta}|${product === undefined}`;
  const kernels = () => [picksKernel(rows, product, from)];
  const pieces = picksWords(rows, picks);
  // One piece is the rule; what is left of many runs with the way back.
  for (const [index, words] of pieces.entries()) {
    runtime.upload('picks', words);
    if (index < pieces.length - 1) await runtime.submit(await runtime.bind(key, kernels), index === 0 ? [to] : []);
  }
  return { from, key, kernels, clear: pieces.length > 1 ? [] : [to] };
}

function picksKernel({ layout, context: { theta } }: Rows, product: Linear | undefined, from: string): GraphKernel {
  const matrix = product && matrixPart(layout, product.weight, theta);
  const width = layout.graph.widths[from];
  return graphKernel(
    { threads: layout.sizes.pointThreads },
    {
      module: 'picks',
      buffers: { ...matrix?.buffers, 2: 'picks', [BINDING.sink]: layout.adjoint(from) },
      conditions: {
        dense: !product,
        down: product?.layout === 'in-out',
        w_aligned: false,
        accumulate: true,
      },
      constants: {
        W_SKIP: '0u',
        W_WIDTH: '1u',
        W_ROWS: '1u',
        ...matrix?.constants,
        WIDTH: inWords(width),
        WIDTH4: inWords(layout.stride(from) / 4),
      },
      threads: ({ tokens }) => (product ? tokens * width : tokens),
    },
  );
}

/** Picks by token and index, those of the same summed, in pieces that the buffer holds: `picks.wgsl`. */
function picksWords({ runtime, layout }: Rows, picks: Picks): Uint32Array<ArrayBuffer>[] {
  const { starts, rows } = runtime.flight;
  const outputs = outputsOf(layout);
  const sums = new Map<number, number>();
  for (const { row, position, index, weight } of picks) {
    if (row < 0 || row >= rows || position < 0 || position >= starts[row + 1] - starts[row])
      throw new RangeError(`there is no position ${position} of row ${row}`);
    if (index < 0 || index >= outputs) throw new RangeError(`there is no output ${index} of ${outputs}`);
    const at = (starts[row] + position) * outputs + index;
    sums.set(at, (sums.get(at) ?? 0) + weight);
  }
  const all = [...sums].sort(([a], [b]) => a - b);
  // A pick takes two words, and at most two more for its token.
  const most = Math.floor((runtime.allocation.buffer('picks').size / 4 - 2) / 4);
  const pieces = Array.from({ length: Math.max(1, Math.ceil(all.length / most)) }, (_, i) =>
    all.slice(i * most, (i + 1) * most),
  );
  return pieces.map((piece) => {
    const tokens = [...new Set(piece.map(([at]) => Math.floor(at / outputs)))];
    const words = new Uint32Array(2 + 2 * tokens.length + 2 * piece.length);
    const reals = new Float32Array(words.buffer);
    words[0] = tokens.length;
    const pairs = 2 + 2 * tokens.length;
    let token = -1;
    piece.forEach(([at, weight], pick) => {
      if (Math.floor(at / outputs) !== tokens[token]) {
        token++;
        words[1 + token] = pick;
        words[2 + tokens.length + token] = tokens[token];
      }
      words[pairs + 2 * pick] = at % outputs;
      reals[pairs + 2 * pick + 1] = weight;
    });
    words[1 + tokens.length] = piece.length;
    return words;
  });
}
