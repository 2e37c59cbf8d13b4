/** Kernels of activations and of products number by number along a direction. */
import type { Activate, Multiply } from '../graph.ts';
import type { PassContext } from './context.ts';
import type { Bound } from './flight.ts';
import { BINDING, type GraphKernel, graphKernel, inWords, type Sink, sinkOf } from './kernel.ts';
import type { Layout } from './layout.ts';

/** One thread each of four numbers of a value. */
function fours(value: string, layout: Layout) {
  const width4 = layout.stride(value) / 4;
  return {
    constants: { WIDTH4: inWords(width4) },
    threads: ({ tokens }: { readonly tokens: number }) => tokens * width4,
  };
}

/** ẏ = φ′ẋ. */
export function activationTangent({ activation, x, out }: Activate, { layout }: PassContext): GraphKernel {
  return graphKernel(layout.sizes, {
    module: 'activation_tangent',
    buffers: {
      1: layout.value(x),
      2: layout.tangent(x),
      [BINDING.batch]: 'batch',
      [BINDING.sink]: layout.tangent(out),
    },
    conditions: { gelu: activation === 'gelu' },
    ...fours(x, layout),
  });
}

/** x̄′ = φ″ẋȳ + φ′ȳ′. @param of whose buffers hold ȳ and ȳ′ */
export function activationTurn(
  { activation, x }: Activate,
  of: string,
  sink: Sink,
  { layout }: PassContext,
): GraphKernel {
  const to = sinkOf(sink);
  return graphKernel(layout.sizes, {
    module: 'activation_tangent',
    buffers: {
      1: layout.value(x),
      2: layout.tangent(x),
      3: layout.adjoint(of),
      4: layout.second(of),
      [BINDING.batch]: 'batch',
      ...to.buffers,
    },
    conditions: { ...to.conditions, gelu: activation === 'gelu', backward: true },
    ...fours(x, layout),
  });
}

/** ẏ = ȧb + aḃ. */
export function multiplyTangent({ a, b, out }: Multiply, { layout }: PassContext): GraphKernel {
  const both = (value: string) => [layout.value(value), layout.tangent(value)] as const;
  return multiplyKernel(layout, out, both(a), both(b), { into: layout.tangent(out) });
}

/** ā′ = ȳ′b + ȳḃ and b̄′ = ȳ′a + ȳȧ. @param of whose buffers hold ȳ and ȳ′ */
export function multiplyTurn(
  { a, b, out }: Multiply,
  of: string,
  sinks: Readonly<Record<string, Sink>>,
  { layout }: PassContext,
): GraphKernel[] {
  const y = [layout.adjoint(of), layout.second(of)] as const;
  const part = (into: string, other: string) =>
    multiplyKernel(layout, out, y, [layout.value(other), layout.tangent(other)], sinks[into]);
  return [part(a, b), part(b, a)];
}

function multiplyKernel(
  layout: Layout,
  value: string,
  [a, da]: readonly [Bound, Bound],
  [b, db]: readonly [Bound, Bound],
  sink: Sink,
): GraphKernel {
  const to = sinkOf(sink);
  return graphKernel(layout.sizes, {
    module: 'multiply_tangent',
    buffers: { 1: a, 2: da, 3: b, 4: db, [BINDING.batch]: 'batch', ...to.buffers },
    conditions: to.conditions,
    ...fours(value, layout),
  });
}
