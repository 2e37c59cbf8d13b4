/** Rotary embeddings: their angles, and kernels. */
import type { Rotary } from '../graph.ts';
import type { PassContext } from './context.ts';
import type { Bound } from './flight.ts';
import { BINDING, type GraphKernel, graphKernel, inWords, type Sink, sinkOf } from './kernel.ts';
import type { Layout } from './layout.ts';
import { clearKernel } from './pointwise.ts';
import type { Runtime } from './runtime.ts';

/** Writes cosines and sines of every rotary embedding: [position][head / 2][2], computed in f64. */
export function writeTurns(runtime: Runtime): void {
  const { layout } = runtime;
  for (const rotary of layout.rotaries()) {
    const { frequencies } = rotary;
    const turns = new Float32Array(2 * frequencies.length * layout.options.length);
    for (let position = 0; position < layout.options.length; position++)
      for (const [i, frequency] of frequencies.entries()) {
        const at = 2 * (position * frequencies.length + i);
        turns[at] = Math.cos(position * frequency);
        turns[at + 1] = Math.sin(position * frequency);
      }
    runtime.upload(layout.turns(rotary), turns);
  }
}

/** Turns heads of a value, or with sign −1 back. */
export function rotaryKernel(layout: Layout, rotary: Rotary, x: Bound, to: Sink, sign: 1 | -1): GraphKernel {
  const { heads, head } = rotary;
  const sink = sinkOf(to);
  return graphKernel(
    { threads: layout.sizes.pointThreads },
    {
      module: 'rotary',
      buffers: { ...sink.buffers, 0: x, 1: layout.turns(rotary), [BINDING.batch]: 'batch' },
      conditions: sink.conditions,
      constants: {
        HEADS: inWords(heads),
        HALF: inWords(head / 2),
        STRIDE: inWords(layout.stride(rotary.out)),
        SIGN: `f32(${sign})`,
      },
      threads: ({ tokens }) => (tokens * heads * head) / 2,
    },
  );
}

export function rotaryForward(rotary: Rotary, { layout }: PassContext): GraphKernel[] {
  return [rotaryKernel(layout, rotary, layout.value(rotary.x), { into: layout.value(rotary.out) }, 1)];
}

export function rotaryBackward(rotary: Rotary, from: Bound, to: Sink, { layout }: PassContext): GraphKernel[] {
  const stride = layout.stride(rotary.x);
  const kernel = rotaryKernel(layout, rotary, from, to, -1);
  // Heads leave the columns that fill a width up.
  const filledUp = stride !== layout.graph.widths[rotary.x];
  return filledUp && to.base === undefined ? [clearKernel(layout, stride, to.into), kernel] : [kernel];
}
