/** What a run computes with. Loaded with the first run: the linker and the WGSL would weigh on every visit. */
import type { PosteriorItem } from '../../results/posterior/item.ts';
import type { Session } from '../workload.ts';
import { openGpuSession as openOnGpu } from './gpu/session.ts';
import { observationsOf } from './observations.ts';
import type { ShearProblem } from './problem.ts';
import { TwinSession } from './twin/session.ts';
import { WorldSession } from './world-session.ts';

export { shearShaders } from './gpu/shaders.ts';

/** In the axes that the problem asks for. */
export async function openGpuSession(...given: Parameters<typeof openOnGpu>): Promise<Session<PosteriorItem>> {
  return inAxes(given[1], await openOnGpu(...given));
}

/** The f64 twin of `openGpuSession`. */
export function openTwinSession(problem: ShearProblem): Session<PosteriorItem> {
  const { spec, items, parameters, fixed } = problem;
  const session = new TwinSession({
    spec,
    observation: observationsOf(problem).data,
    info: (index) => items[index],
    fixed,
    parameterNames: parameters.map(({ name }) => name),
  });
  return inAxes(problem, session);
}

function inAxes({ turn, parameters }: ShearProblem, session: Session<PosteriorItem>): Session<PosteriorItem> {
  if (!turn) return session;
  return new WorldSession(
    session,
    turn,
    parameters.map(({ name }) => name),
  );
}
