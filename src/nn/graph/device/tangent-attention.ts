/** Kernels of attention along a direction: probabilities, outputs, and what goes back to queries, keys and values. */
import type { Attention, Slice } from '../graph.ts';
import { readySinks, SCORES } from './attentions.ts';
import type { PassContext } from './context.ts';
import type { Bound } from './flight.ts';
import { BINDING, type GraphKernel, graphKernel, inWords, type Sink, sinkOf } from './kernel.ts';
import type { Layout } from './layout.ts';

/** Derivative of the adjoint of one attention's scores. */
const SCORES_ALONG = 'r:patterns';

/** Heads in numbers that are loaded together: four, where every width and place allows it. */
function lanesOf({ q, k, v, heads, kvHeads, head }: Attention) {
  const wide = [head, q.from, k.from, v.from].every((numbers) => numbers % 4 === 0);
  const lane = wide ? 4 : 1;
  return {
    lane,
    conditions: { wide },
    constants: { HEADS: inWords(heads), GROUP: inWords(heads / kvHeads), HEAD: inWords(head / lane) },
  };
}

/** Stride and place of a slice, in numbers loaded together. */
function placeOf(name: string, layout: Layout, { value, from }: Slice, lane: number) {
  return { [`${name}_STRIDE`]: inWords(layout.stride(value) / lane), [`${name}_FROM`]: inWords(from / lane) };
}

/** Numbers of a head that a thread sums: what divides it. */
function blockOf({ sizes }: Layout, head: number): number {
  for (let block = Math.max(1, sizes.productColumns / 4); block > 1; block--) if (head % block === 0) return block;
  return 1;
}

interface Mix {
  readonly transposed: boolean;
  /** Pattern and its derivative. */
  readonly pattern: readonly [Bound, Bound];
  readonly x: Slice;
  readonly of: readonly [Bound, Bound];
  readonly y: Slice;
  readonly sink: Sink;
  readonly scale: number;
}

function mixKernel(operation: Attention, layout: Layout, mix: Mix): GraphKernel {
  const { lane, conditions, constants } = lanesOf(operation);
  const { transposed, scale, pattern, of } = mix;
  const to = sinkOf(mix.sink);
  const head = operation.head / lane;
  const block = blockOf(layout, head);
  const outHeads = transposed ? operation.kvHeads : operation.heads;
  return graphKernel(layout.sizes, {
    module: 'attention_mix',
    buffers: { 1: pattern[0], 2: pattern[1], 3: of[0], 4: of[1], [BINDING.batch]: 'batch', ...to.buffers },
    conditions: { ...conditions, ...to.conditions, transposed },
    constants: {
      ...constants,
      ...placeOf('X', layout, mix.x, lane),
      ...placeOf('Y', layout, mix.y, lane),
      BLOCK: inWords(block),
      SCALE: scale,
    },
    unroll: { h: block },
    threads: ({ tokens }) => (tokens * outHeads * head) / block,
  });
}

/** ȧ, then ȯ = ȧv + av̇. */
export function attentionTangent(operation: Attention, { layout }: PassContext): GraphKernel[] {
  const { q, k, v, heads, scale, out } = operation;
  const { lane, conditions, constants } = lanesOf(operation);
  const pattern = [layout.pattern(operation), layout.patternTangent(operation)] as const;
  return [
    graphKernel(layout.sizes, {
      module: 'attention_tangent',
      buffers: {
        1: layout.value(q.value),
        2: layout.tangent(q.value),
        3: layout.value(k.value),
        4: layout.tangent(k.value),
        5: pattern[0],
        6: pattern[1],
        [BINDING.batch]: 'batch',
      },
      conditions,
      constants: {
        ...constants,
        ...placeOf('Q', layout, q, lane),
        ...placeOf('K', layout, k, lane),
        SCALE: scale,
      },
      unroll: { h: operation.head / lane },
      threads: ({ tokens }) => tokens * heads,
    }),
    mixKernel(operation, layout, {
      transposed: false,
      pattern,
      x: v,
      of: [layout.value(v.value), layout.tangent(v.value)],
      y: { value: out, from: 0 },
      sink: { into: layout.tangent(out) },
      scale: 1,
    }),
  ];
}

/**
 * q̄′, k̄′ and v̄′ alone, behind the kernels of q̄, k̄ and v̄, which leave the adjoint of the scores.
 * @param from whose buffers hold ō and ō′
 */
export function attentionTurn(
  operation: Attention,
  from: string,
  sinks: Readonly<Record<string, Sink>>,
  { layout }: PassContext,
): GraphKernel[] {
  const { q, k, v, heads, scale, out } = operation;
  const { lane, conditions, constants } = lanesOf(operation);
  const pattern = [layout.pattern(operation), layout.patternTangent(operation)] as const;
  const scores = [SCORES, SCORES_ALONG] as const;
  const { ready, before } = readySinks(layout, sinks);
  const outputs = [layout.adjoint(from), layout.second(from)] as const;
  const whole = { value: out, from: 0 };
  const values = (value: string) => [layout.value(value), layout.tangent(value)] as const;
  const mixed = (to: Slice, mix: Omit<Mix, 'y' | 'sink'>) => {
    return mixKernel(operation, layout, { ...mix, y: to, sink: ready[to.value] });
  };
  return [
    ...before,
    graphKernel(layout.sizes, {
      module: 'attention_scores_backward',
      buffers: {
        1: pattern[0],
        2: pattern[1],
        3: layout.value(v.value),
        4: layout.tangent(v.value),
        5: outputs[0],
        6: outputs[1],
        [BINDING.batch]: 'batch',
        [BINDING.sink]: scores[1],
      },
      conditions,
      constants: {
        ...constants,
        ...placeOf('V', layout, v, lane),
        O_STRIDE: inWords(layout.stride(out) / lane),
      },
      unroll: { h: operation.head / lane },
      threads: ({ tokens }) => tokens * heads,
    }),
    mixed(q, { transposed: false, pattern: scores, x: k, of: values(k.value), scale }),
    mixed(k, { transposed: true, pattern: scores, x: q, of: values(q.value), scale }),
    mixed(v, { transposed: true, pattern, x: whole, of: outputs, scale: 1 }),
  ];
}
