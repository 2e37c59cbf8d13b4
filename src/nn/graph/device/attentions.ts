/** Causal attention with its probabilities kept. */
import type { Attention } from '../graph.ts';
import type { PassContext } from './context.ts';
import type { Bound, Flight } from './flight.ts';
import {
  BINDING,
  type GraphKernel,
  graphKernel,
  inQuads,
  inWords,
  type KernelSpec,
  QUAD,
  type Sink,
  sinkOf,
} from './kernel.ts';
import type { Layout } from './layout.ts';
import { clearKernel, passBackward } from './pointwise.ts';

/** Adjoint of one attention's scores. */
export const SCORES = 'a:patterns';

/** What every kernel of an attention is told: where q, k, v and its output lie. */
export function headsPart(layout: Layout, operation: Attention) {
  const { q, k, v, heads, kvHeads, head, scale, out } = operation;
  const strides = { Q: layout.stride(q.value), K: layout.stride(k.value), V: layout.stride(v.value) };
  const from = { Q: q.from, K: k.from, V: v.from };
  const fours = [head, ...Object.values(from)].every((number) => number % 4 === 0);
  return {
    conditions: { fours },
    constants: {
      HEADS: inWords(heads),
      KV_HEADS: inWords(kvHeads),
      HEAD: inWords(head),
      SCALE: `f32(${scale})`,
      O_STRIDE: inWords(layout.stride(out)),
      ...Object.fromEntries(Object.entries(strides).map(([letter, stride]) => [`${letter}_STRIDE`, inWords(stride)])),
      ...Object.fromEntries(Object.entries(from).map(([letter, at]) => [`${letter}_FROM`, inWords(at)])),
    },
    head4: Math.ceil(head / 4),
  };
}

/** Queries, or keys, of a thread: as many as leave its registers to it. */
export function headBlock({ sizes }: Layout, head4: number): number {
  return Math.max(1, 2 ** Math.floor(Math.log2(Math.max(1, sizes.headFours / head4))));
}

/** A kernel over blocks of positions of heads; where lanes load together (`…_quads.wgsl`), a workgroup has the blocks of four of them. */
function headsKernel(
  { sizes }: Layout,
  heads: number,
  block: number,
  { module, ...spec }: Omit<KernelSpec, 'threads'>,
): GraphKernel {
  // A workgroup of one subgroup: where its loops end is the same for all of its lanes.
  const quads = inQuads(sizes) && sizes.threads === QUAD && spec.conditions?.fours === true;
  if (!quads) return graphKernel(sizes, { ...spec, module, threads: perBlock(heads, block) });
  const kernel = graphKernel(sizes, { ...spec, module: `${module}_quads`, enable: ['subgroups'], threads: () => 0 });
  return { ...kernel, groups: perBlock(heads, QUAD * block) };
}

/** One thread each of rows, heads and blocks of so many positions. */
export const perBlock =
  (heads: number, block: number) =>
  ({ rows, longest }: Flight) =>
    rows * heads * Math.ceil(longest / block);

export function attentionForward(operation: Attention, { layout }: PassContext): GraphKernel[] {
  const { conditions, constants, head4 } = headsPart(layout, operation);
  const block = headBlock(layout, head4);
  const { q, k, v, heads, out } = operation;
  return [
    headsKernel(layout, heads, block, {
      module: 'attention',
      buffers: {
        0: layout.value(q.value),
        1: layout.value(k.value),
        2: layout.value(v.value),
        4: layout.pattern(operation),
        [BINDING.batch]: 'batch',
        [BINDING.sink]: layout.value(out),
      },
      conditions,
      constants: { ...constants, QUERIES: inWords(block) },
      unroll: { i: block, h: head4 },
    }),
  ];
}

export function attentionBackward(
  operation: Attention,
  from: Bound,
  sinks: Readonly<Record<string, Sink>>,
  { layout }: PassContext,
): GraphKernel[] {
  const { q, k, v, heads, kvHeads, out } = operation;
  const { conditions, constants, head4 } = headsPart(layout, operation);
  const { ready, before } = readySinks(layout, sinks);
  const block = headBlock(layout, head4);
  const keys = Math.min(4, headBlock(layout, 2 * head4));
  const pattern = layout.pattern(operation);
  const queries = sinkOf(ready[q.value]);
  const joint = k.value === v.value;
  return [
    ...before,
    headsKernel(layout, heads, block, {
      module: 'attention_queries',
      buffers: {
        ...queries.buffers,
        0: layout.value(k.value),
        1: layout.value(v.value),
        2: layout.value(out),
        3: from,
        4: pattern,
        5: SCORES,
        [BINDING.batch]: 'batch',
      },
      conditions: { ...conditions, ...queries.conditions },
      constants: { ...constants, QUERIES: inWords(block) },
      unroll: { i: block, h: head4 },
    }),
    headsKernel(layout, kvHeads, keys, {
      module: 'attention_keys',
      buffers: {
        0: layout.value(q.value),
        1: from,
        4: pattern,
        5: SCORES,
        6: joint ? undefined : ready[v.value].into,
        [BINDING.batch]: 'batch',
        [BINDING.sink]: ready[k.value].into,
      },
      conditions: {
        ...conditions,
        joint,
        accumulate: ready[k.value].base !== undefined,
        accumulate_v: ready[v.value].base !== undefined,
      },
      constants: { ...constants, KEYS: inWords(keys) },
      unroll: { i: keys, h: head4 },
    }),
  ];
}

/** Heads are written over what is there, or added to it in place; columns that none of them has are 0 before. */
export function readySinks(
  layout: Layout,
  sinks: Readonly<Record<string, Sink>>,
): { readonly ready: Readonly<Record<string, Sink>>; readonly before: readonly GraphKernel[] } {
  const before: GraphKernel[] = [];
  const ready = Object.fromEntries(
    Object.entries(sinks).map(([value, sink]) => {
      const { into, base, clear } = sink;
      const stride = layout.stride(value);
      if (clear || (base === undefined && stride !== layout.graph.widths[value])) {
        before.push(clearKernel(layout, stride, into));
        return [value, clear ? { into, base: into } : { into }];
      }
      if (base === undefined || base === into) return [value, sink];
      before.push(...passBackward(stride, base, { into }, { layout, theta: '' }));
      return [value, { into, base: into }];
    }),
  );
  return { ready, before };
}
