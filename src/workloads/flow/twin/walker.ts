/** Walks with the network in f64: a sample after the other, each by itself. */
import type { Walk, Walker } from '../cpu/walk.ts';
import type { FlowProblem } from '../problem.ts';
import { SAMPLES_A_GROUP } from '../sampling/plan.ts';
import { TwinPath } from '../sampling/twin.ts';

export function twinWalker({ model, params, seed }: FlowProblem): Walker {
  return {
    begin: (groups, contexts) =>
      groups.flatMap(({ row, sample, stream }) =>
        Array.from({ length: SAMPLES_A_GROUP }, (_, c) =>
          walkOf(new TwinPath(model, contexts[row], stream, sample + c, { ...params, seed })),
        ),
      ),
    close: () => {},
  };
}

function walkOf(path: TwinPath): Walk {
  return {
    get done() {
      return path.done;
    },
    get evaluations() {
      return [path.evaluations];
    },
    get allEvaluations() {
      return path.evaluations;
    },
    get arrived() {
      return [path.done];
    },
    get positions() {
      return path.position;
    },
    advance: () => path.advance(),
  };
}
