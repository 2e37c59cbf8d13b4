/** Derivatives of rows in flight along a direction, and of their adjoints (R-forward, R-backward). */
import type { BackwardOptions, Direction } from '../machine.ts';
import { type AdjointWalk, adjointWalk } from './adjoints.ts';
import { jointTables, stepKey } from './backward.ts';
import type { PassContext } from './context.ts';
import { curvedOutputKernel, uploadWeights } from './curvature-seeds.ts';
import { momentRows } from './moments.ts';
import { producerOf } from './operations.ts';
import { passBackward } from './pointwise.ts';
import type { Rows } from './rows.ts';
import { packedRows } from './runtime.ts';
import { prepareSeed } from './seeds.ts';
import { tangentKernels } from './tangent.ts';
import { turnKernels } from './tangent-backward.ts';
import { gradientTurnKernels } from './tangent-gradients.ts';

/** Leaves the derivative of every value. @throws RangeError for a start that does not fit the rows in flight */
export async function goAlong(rows: Rows, { parameters, start }: Direction): Promise<void> {
  const { runtime, layout, begin, started } = rows;
  const { graph } = layout;
  const first = started ? producerOf(graph, begin) + 1 : 0;
  const context: PassContext = { ...rows.context, direction: parameters };
  // An embedding moves with its table: what is given is added behind it.
  const embeds = !started && graph.input.kind === 'tokens' && parameters !== undefined;
  const given = layout.tangent(begin);
  const added = start !== undefined && embeds;
  if (start) {
    const packed = packedRows(start, runtime.flight, graph.widths[begin], layout.stride(begin));
    runtime.upload(added ? momentRows('x') : given, packed);
  }
  const kernels = await Promise.all(
    graph.operations.slice(first).map((operation) => {
      const here = added && operation.out === begin;
      const key = JSON.stringify(['along', context.theta, parameters, here, operation.out]);
      return runtime.bind(key, () => [
        ...tangentKernels(operation, context),
        ...(here ? passBackward(layout.stride(begin), momentRows('x'), { into: given, base: given }, context) : []),
      ]);
    }),
  );
  await runtime.submit(kernels.flat(), start || embeds ? [] : [given]);
  rows.along = { parameters };
}

/**
 * Leaves adjoints and their derivatives; adds those of gradients by parameters.
 * @throws RangeError for squares, for seeds that have no derivative here, for sums into the direction itself, and before `goAlong`
 */
export async function goBackAlong(rows: Rows, options: BackwardOptions): Promise<AdjointWalk> {
  const { runtime, layout } = rows;
  const { seed, into, square, until } = options;
  const { parameters } = rows.direction();
  if (into !== undefined && (into === parameters || into === rows.context.theta))
    throw new RangeError(`${into} cannot be read and added to at once`);
  if (square) throw new RangeError('products with curvature are summed, not squared');
  if (seed.kind === 'class' || seed.kind === 'gauss-newton' || seed.kind === 'empirical-fisher')
    throw new RangeError(`the seed ${seed.kind} has no derivative along a direction here`);
  // The output's own adjoint is needed, whatever comes behind: the product past it moves, too.
  const plan = await prepareSeed(rows, { seed, into: into ?? '' });
  const curved = seed.kind === 'loss' || seed.kind === 'labels';
  if (curved) uploadWeights(rows, seed);
  const walk = adjointWalk(layout.graph, plan.from, until ?? (rows.started ? rows.begin : undefined));
  const context: PassContext = { ...rows.context, direction: parameters, into };
  const joint = jointTables(walk, context);
  const kernels = await Promise.all([
    runtime.bind(plan.key, plan.kernels),
    ...(curved ? [runtime.bind('turn|seed', () => [curvedOutputKernel(layout)])] : []),
    ...walk.steps.map((step) =>
      runtime.bind(stepKey('turn', step, context, joint), () => [
        ...turnKernels(step, context),
        ...(into === undefined ? [] : gradientTurnKernels(step, into, context, joint)),
      ]),
    ),
  ]);
  await runtime.submit(kernels.flat(), [...plan.clear, ...(curved ? [] : [layout.second(plan.from)])]);
  return walk;
}
