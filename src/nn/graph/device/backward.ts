/** The way back through rows in flight: a seed, then operation by operation what it adds to adjoints and to gradients by parameters. */
import type { BackwardOptions } from '../machine.ts';
import { type AdjointStep, type AdjointWalk, adjointWalk, type Part } from './adjoints.ts';
import type { PassContext } from './context.ts';
import { gradientKernels } from './gradient-kernels.ts';
import { tiedTables } from './gradients.ts';
import type { GraphKernel, Sink } from './kernel.ts';
import { operationBackward } from './operation-backward.ts';
import type { Rows } from './rows.ts';
import { prepareSeed } from './seeds.ts';

/** Goes back; returns how, so that adjoints can be found. */
export async function goBack(rows: Rows, options: BackwardOptions): Promise<AdjointWalk> {
  const { runtime, layout } = rows;
  const seed = await prepareSeed(rows, options);
  const walk = adjointWalk(layout.graph, seed.from, options.until ?? (rows.started ? rows.begin : undefined));
  const context: PassContext = { ...rows.context, into: options.into, square: options.square };
  const joint = jointTables(walk, context);
  const kernels = await Promise.all([
    runtime.bind(seed.key, seed.kernels),
    ...walk.steps.map((step) =>
      runtime.bind(stepKey('back', step, context, joint), () => [
        ...backwardKernels(step, context),
        ...(options.into === undefined ? [] : gradientKernels(step, context, joint)),
      ]),
    ),
  ]);
  await runtime.submit(kernels.flat(), seed.clear);
  return walk;
}

/** Tables whose two parts of a gradient this way passes both. */
export function jointTables({ steps }: AdjointWalk, { layout }: PassContext): ReadonlySet<string> {
  const passed = new Set(steps.map(({ operation }) => operation));
  const { operations } = layout.graph;
  return new Set(
    tiedTables(layout.graph)
      .filter(({ embed, linear }) => passed.has(operations[embed]) && passed.has(operations[linear]))
      .map(({ table }) => table),
  );
}

/** Tells kernels of a step from all others. */
export function stepKey(pass: string, step: AdjointStep, context: PassContext, joint: ReadonlySet<string>): string {
  const { theta, direction, into, square } = context;
  const { operation, of, parts } = step;
  return JSON.stringify([pass, theta, direction, into, square === true, operation.out, of, parts, [...joint]]);
}

/** What an operation adds to the adjoints of what it reads. */
export function backwardKernels(step: AdjointStep, context: PassContext): GraphKernel[] {
  const { layout } = context;
  const sinks = Object.fromEntries(
    Object.entries(step.parts).map(([value, part]) => [value, sinkOfPart(part, (name) => layout.adjoint(name))]),
  );
  return operationBackward(step.operation, layout.adjoint(step.of), sinks, context);
}

/** A part as buffers. @param buffer of a value's own adjoint, or of its derivative */
export function sinkOfPart({ into, base, clear }: Part, buffer: (value: string) => string): Sink {
  return { into: buffer(into), base: base === undefined ? undefined : buffer(base), clear };
}
