/** What a run computes with. Loaded with the first run: the linker and the WGSL would weigh on every visit. */
import type { PosteriorItem } from '../../results/posterior/item.ts';
import type { Session } from '../workload.ts';
import type { ShearProblem } from './problem.ts';
import { TwinSession } from './twin/session.ts';

export { openGpuSession } from './gpu/session.ts';
export { shearShaders } from './gpu/shaders.ts';

/** The f64 twin of `openGpuSession`. */
export function openTwinSession({ spec, items, parameters, observation, fixed }: ShearProblem): Session<PosteriorItem> {
  return new TwinSession({
    spec,
    observation,
    info: (index) => items[index],
    fixed,
    parameterNames: parameters.map(({ name }) => name),
  });
}
