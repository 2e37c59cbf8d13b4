/** Runs of a small problem on the device, for tests that compare all their bits. */

import type { GpuContext } from '../../../gpu/context.ts';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import type { ParamValues } from '../../params.ts';
import type { Session } from '../../workload.ts';
import { asKernelShape, type ShearShape } from '../gpu/shape.ts';
import type { ShearProblem } from '../problem.ts';
import { shearWorkload } from '../workload.ts';

export const ITEMS = 16;
/** Small enough that 16 posteriors take a moment, with warm-up in two halves and draws. */
export const params: ParamValues = {
  stampSize: 16,
  halfLightRadiusArcsec: 0.3,
  shearGrid: [0.02],
  realizations: ITEMS,
  warmup: 16,
  draws: 12,
};
export const problem = shearWorkload.configure(params, {}).prepare(42);

export function open(
  gpu: GpuContext,
  chunk: number,
  shape: ShearShape,
  changes: ParamValues = {},
  of: ShearProblem = problem,
): Promise<Session<PosteriorItem>> {
  const kernels = asKernelShape(shape);
  const configured = shearWorkload.configure({ ...params, ...changes }, {});
  return shearWorkload.open(gpu, of, configured.plan(chunk, kernels), kernels);
}

export async function runToEnd(session: Session<PosteriorItem>, items: readonly number[]): Promise<PosteriorItem[]> {
  await session.start(items);
  while ((await session.advance(1000)).phase !== 'done');
  return session.collect();
}

/** All items of the run, `chunk` at a time. */
export async function run(gpu: GpuContext, chunk: number, shape: ShearShape): Promise<PosteriorItem[]> {
  const session = await open(gpu, chunk, shape);
  const items: PosteriorItem[] = [];
  for (let first = 0; first < ITEMS; first += chunk) {
    const range = Array.from({ length: Math.min(chunk, ITEMS - first) }, (_, i) => first + i);
    items.push(...(await runToEnd(session, range)));
  }
  session.close();
  return items;
}

/** Everything that a result holds, as text: numbers print all their digits, so equal text is equal bits. */
export const bits = (items: readonly PosteriorItem[]) =>
  items.map((item) =>
    JSON.stringify(item, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : value)),
  );
