/** The loss over a plane of parameters through the model. */
import type { JsonValue } from '../../../bundle/json.ts';
import type { MachineOptions } from '../../../nn/graph/machine.ts';
import { dot } from '../../../nn/graph/machine.ts';
import { gaussian, STREAM } from './common/addressed.ts';
import { rowNormalised } from './common/directions.ts';
import { numbersOf, textOf } from './common/kept-numbers.ts';
import { type LandscapeFacts, landscapeLayouts, landscapeOutcome } from './common/landscape-outcome.ts';
import { landscapePoints, POINT, placePoint, SPARE } from './common/landscape-points.ts';
import { LossRows, longestOf, lossObjection } from './common/loss-rows.ts';
import { DIRECTIONS, layPlane, ofPath, planeVectors } from './common/plane.ts';
import { addGradient, lossSums, norm, type Pass, product, WORK, zero } from './common/products.ts';
import { Tally } from './common/tally.ts';
import type { Metric, MetricOutcome, MetricProgress, MetricSetting, MetricTask } from './metric.ts';

const ID = 'landscape';
const GRADIENT = 'gradient';

export const landscape: Metric = {
  id: ID,
  family: 'landscape',
  title: 'Loss landscape',
  definition:
    'L(θ + αd₁ + βd₂) on a grid of [−span, span]², L = Σℓ/M the token mean of the same items at all points. Random directions are Gaussian, scaled filter by filter to the weights, and 0 for norms and biases (Li, Xu, Taylor, Studer & Goldstein 2018); others are those of a training path or the Hessian’s largest eigenvectors. Beside the surface: slope ∇L·d and curvature dᵀHd exactly, and the barrier max L(γ) − chord along a line (Frankle, Dziugaite, Roy & Carbin 2020).',
  chunk: 'analysis.landscapeRows',
  items: 'analysis.landscapeItems',
  lighter:
    'Nothing statistical takes memory here but θ itself: five vectors of its size, and Lanczos’ basis where the plane is that of eigenvectors. Fewer items widen the error of differences as 1/√N.',
  objection: (setting) =>
    setting.sizes.landscapeGrid % 2 === 0
      ? 'A landscape takes an odd number of points along each axis, so that the model itself is one of them.'
      : ofPath(setting) && setting.path.length < 3
        ? 'A plane of a path takes three checkpoints of a training or more.'
        : lossObjection(setting),
  machine: (setting): MachineOptions => ({
    graph: setting.graph,
    rows: Math.max(1, Math.min(setting.rows, setting.items.length)),
    length: longestOf(setting),
    vectors: [...DIRECTIONS, POINT, GRADIENT, SPARE, ...planeVectors(setting)],
    backward: true,
    parameterGradients: true,
    tangents: true,
    adjoints: [],
  }),
  layout: (setting) => landscapeLayouts(ID, setting),
  work: (setting) => {
    const { items, sizes, plane, origin } = setting;
    const lanczos = plane === 'eigenvectors' ? sizes.lanczosSteps * WORK.hessian : 0;
    const products = WORK.gradient + (plane === 'random' && origin ? 3 : 2) * WORK.hessian;
    return items.length * (landscapePoints(setting, 'f32').length + products + lanczos);
  },
  run,
};

interface State {
  readonly [key: string]: JsonValue | undefined;
  readonly points: number;
  readonly done: number;
  readonly sums: string;
}

async function* run({ setting, machine, saved }: MetricTask): AsyncGenerator<MetricProgress, MetricOutcome> {
  const rows = new LossRows(setting.graph, setting.items);
  const tally = new Tally();
  const state = saved as State | undefined;
  // What was reached stands while the plane is laid again.
  if (state) tally.saved = async () => state;
  const pass: Pass = { machine, rows, chunk: setting.rows, tally };
  const plane = yield* layPlane(pass, setting);
  const exact = yield* exactShape(pass, setting);
  const points = landscapePoints(setting, machine.arithmetic);
  const sums = state ? numbersOf(state.sums) : new Float64Array(points.length * rows.count);
  let finished = state?.points ?? 0;
  let done = Math.max(tally.done, state?.done ?? 0);
  tally.done = done;
  tally.saved = async (): Promise<JsonValue> => ({ points: finished, done, sums: textOf(sums) });
  for (; finished < points.length; finished++) {
    await placePoint(machine, setting, points[finished]);
    sums.set(yield* lossSums(pass, POINT), finished * rows.count);
    done = tally.done;
  }
  return landscapeOutcome(landscape.layout(setting), setting, rows, { plane, points, sums, ...exact });
}

/** ∇L·d and dᵀHd along both directions, and along the origin's first. */
export async function* exactShape(
  pass: Pass,
  setting: MetricSetting,
): AsyncGenerator<MetricProgress, Pick<LandscapeFacts, 'slopes' | 'curvatures' | 'lengths' | 'theirs'>> {
  const { machine } = pass;
  const { graph, theta, seed } = setting;
  await zero(machine, GRADIENT);
  yield* addGradient(pass, GRADIENT);
  const [slopes, curvatures, lengths]: number[][] = [[], [], []];
  for (const direction of DIRECTIONS) {
    slopes.push(await dot(machine, GRADIENT, direction));
    lengths.push(await norm(machine, direction));
    yield* product(pass, 'hessian', direction, SPARE);
    curvatures.push(await dot(machine, direction, SPARE));
  }
  if (setting.plane !== 'random' || !setting.origin) return { slopes, curvatures, lengths };
  await machine.write(POINT, rowNormalised(graph, theta, gaussian(seed, STREAM.direction, graph.size)));
  yield* product(pass, 'hessian', POINT, SPARE);
  return { slopes, curvatures, lengths, theirs: await dot(machine, POINT, SPARE) };
}
