/** Makes the stored values of `self-test.json` from the f64 twin; run by `scripts/self-test/derive.mjs`, never by the page. */
import { observationsOf } from './observations.ts';
import type { ShearPeek } from './peek.ts';
import type { ShearProblem } from './problem.ts';
import { type StoredShear, selfTestProblem, storedPixels } from './self-test-problem.ts';
import { fitPosterior } from './twin/fit.ts';
import { ShearPosterior } from './twin/posterior.ts';
import { shearWorkload } from './workload.ts';

/** Digits kept: far more than f32 has, few enough that engines whose logarithms differ in the last bit store the same. */
const DIGITS = 10;
const rounded = (values: ArrayLike<number>) => Array.from(values, (value) => Number(value.toPrecision(DIGITS)));

export async function deriveShear(): Promise<StoredShear> {
  const problem = selfTestProblem();
  const session = await shearWorkload.reference(problem, 1);
  await session.start([0]);
  while ((await session.advance(1000)).phase !== 'done');
  const model = ((await session.peek(0, 0)) as ShearPeek).large!.model;
  const [item] = await session.collect();
  session.close();
  const stat = (name: string) => rounded(item.stats.find((column) => column.name === name)!.values);
  return {
    model: rounded(storedPixels(problem, model)),
    imagePerWidth: Number(imagePerWidth(problem).toPrecision(2)),
    draws: item.parameters.map(({ values }) => rounded(values)),
    widths: rounded(item.fit.sd),
    energyError: stat('energy_error'),
    acceptance: stat('acceptance_rate'),
  };
}

/** Largest change of a pixel, over the peak, when every coordinate moves by one posterior width. */
function imagePerWidth(problem: ShearProblem): number {
  const { spec } = problem;
  const posterior = new ShearPosterior(spec, observationsOf(problem).data(0));
  const { q, curvature } = fitPosterior(posterior);
  const image = posterior.image(q);
  const changes = Array.from(q, (_, j) => {
    const moved = q.slice();
    moved[j] += 1 / Math.sqrt(curvature[j * (spec.free + 1)]);
    return posterior.image(moved).map((value, pixel) => Math.abs(value - image[pixel]));
  });
  const sums = image.map((_, pixel) => changes.reduce((sum, change) => sum + change[pixel], 0));
  return Math.max(...sums) / Math.max(...image);
}
