/** Activations, products and sums number by number, and what they add to adjoints. */
import type { Activate, Add, Multiply } from '../graph.ts';
import type { PassContext } from './context.ts';
import type { Bound } from './flight.ts';
import { BINDING, type GraphKernel, graphKernel, inWords, type Sink, sinkOf } from './kernel.ts';
import type { Layout } from './layout.ts';

type Pointwise = 'gelu' | 'silu' | 'gelu_slope' | 'silu_slope' | 'add' | 'multiply' | 'pass' | 'nothing';

/** `pointwise.wgsl` over values of `stride` numbers a position. */
export function pointwiseKernel(
  layout: Layout,
  what: Pointwise,
  stride: number,
  reads: readonly Bound[],
  to: Sink,
): GraphKernel {
  const sink = sinkOf(to);
  return graphKernel(
    { threads: layout.sizes.pointThreads },
    {
      module: 'pointwise',
      buffers: { ...sink.buffers, 0: reads[0], 1: reads[1], [BINDING.batch]: 'batch' },
      conditions: { ...sink.conditions, [what]: true },
      constants: { WIDTH4: inWords(stride / 4) },
      threads: ({ tokens }) => (tokens * stride) / 4,
    },
  );
}

export function activationForward({ activation, x, out }: Activate, { layout }: PassContext): GraphKernel[] {
  return [pointwiseKernel(layout, activation, layout.stride(x), [layout.value(x)], { into: layout.value(out) })];
}

export function activationBackward(
  { activation, x }: Activate,
  from: Bound,
  to: Sink,
  { layout }: PassContext,
): GraphKernel[] {
  return [pointwiseKernel(layout, `${activation}_slope`, layout.stride(x), [layout.value(x), from], to)];
}

export function pairForward({ kind, a, b, out }: Multiply | Add, { layout }: PassContext): GraphKernel[] {
  const reads = [layout.value(a), layout.value(b)];
  return [pointwiseKernel(layout, kind, layout.stride(out), reads, { into: layout.value(out) })];
}

/** ā += b ȳ, b̄ += a ȳ. */
export function multiplyBackward(
  { a, b, out }: Multiply,
  from: Bound,
  sinks: Readonly<Record<string, Sink>>,
  { layout }: PassContext,
): GraphKernel[] {
  const stride = layout.stride(out);
  const towards = (other: string, to: Sink) =>
    pointwiseKernel(layout, 'multiply', stride, [layout.value(other), from], to);
  if (a !== b) return [...(sinks[a] ? [towards(b, sinks[a])] : []), ...(sinks[b] ? [towards(a, sinks[b])] : [])];
  // A square: the same part twice.
  const to = sinks[a];
  return to ? [towards(a, to), towards(a, { into: to.into, base: to.into })] : [];
}

/** Adds an adjoint to what is there, as it is. */
export function passBackward(stride: number, from: Bound, to: Sink, { layout }: PassContext): GraphKernel[] {
  return [pointwiseKernel(layout, 'pass', stride, [from], to)];
}

/** Makes a buffer of values 0. */
export function clearKernel(layout: Layout, stride: number, into: Bound): GraphKernel {
  return pointwiseKernel(layout, 'nothing', stride, [], { into });
}
