/** Every metric of a set of cells, of the generated ones and of all that stand beside them, against the same real cells. */
import { pearson } from '../../../stats/correlation.ts';
import { frechetDistance } from '../../../stats/expression/frechet.ts';
import { correlationAgreement } from '../../../stats/expression/gene-correlation.ts';
import { LIBRARY_LEVELS, libraryAgreement } from '../../../stats/expression/library-size.ts';
import { geneMoments } from '../../../stats/expression/moments.ts';
import { logNormalise } from '../../../stats/expression/normalise.ts';
import { fitComponents, project } from '../../../stats/expression/pca.ts';
import { meanAbsoluteDifference, zeroFraction } from '../../../stats/expression/profile.ts';
import { medianGamma, mmdOf } from '../../../stats/two-sample/kernel-mmd.ts';
import { meanSlicedWassersteinSteps } from '../../../stats/two-sample/mean-sliced-wasserstein.ts';
import { pairDistanceSteps } from '../../../stats/two-sample/pair-distances.ts';
import type { Points } from '../../../stats/two-sample/points.ts';
import type { Steps } from '../../../stats/two-sample/steps.ts';
import { exactWasserstein, sinkhornDistance } from '../../../stats/two-sample/transport.ts';
import type { CellMetricId } from './definitions.ts';
import { CFGEN_CELLS, COMPONENTS, LOG_CELLS, SINKHORN_CELLS, TRANSPORT_CELLS } from './limits.ts';
import type { Sample, Samples } from './sets.ts';
import type { MetricProgress, Value } from './types.ts';

/** One metric: its value for every candidate, in their order. */
export interface Measured {
  readonly id: CellMetricId;
  readonly values: readonly number[];
  /** Cells on either side. */
  readonly n: number;
  readonly parts?: Readonly<Record<string, Value | readonly Value[]>>;
}

/** Groups of metrics that share their work, in the order they are told. */
const GROUPS = [
  'Gene–gene correlation',
  'Sliced W2',
  'MMD²',
  'Principal components',
  'Library size',
  'ln(1 + x)',
] as const;

/** The candidates of `samples`: generated, floor, then the baselines in their order. */
export const candidatesOf = ({ generated, floor, baselines }: Samples) => [
  ['generated', generated] as const,
  ['floor', floor] as const,
  ...Object.entries(baselines),
];

export function* measureCells(samples: Samples, seed: number): Steps<MetricProgress, Measured[]> {
  const candidates = candidatesOf(samples).map(([, sample]) => sample);
  const tokens = candidates.map((sample) => sample.tokens);
  const counts = candidates.map((sample) => sample.counts);
  const { real } = samples;
  const group = function* <R>(index: number, steps: Steps<unknown, R>): Steps<MetricProgress, R> {
    const progress = { metric: GROUPS[index], done: index, of: GROUPS.length };
    yield progress;
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      yield progress;
    }
  };
  return [
    ...(yield* group(0, profiles(real.tokens, tokens, ''))),
    ...(yield* group(1, sliced('sliced_w2', real.tokens, tokens, seed))),
    ...(yield* group(2, kernels(real.tokens, tokens, seed))),
    ...(yield* group(3, onComponents(real.tokens, candidates))),
    ...(yield* group(4, countsOf(real.counts, counts))),
    ...(yield* group(5, inLogarithms(real.counts, counts, seed))),
  ];
}

const cellsOf = ({ values, dim }: Points) => values.length / dim;

/** The first n cells, which are random ones; all copies of a constant cell. */
const first = (n: number, { values, dim }: Points): Points => ({
  values: Array.prototype.slice.call(values, 0, n * dim),
  dim,
});

function* profiles(real: Points, candidates: readonly Points[], prefix: '' | 'log_'): Steps<void, Measured[]> {
  const x = geneMoments(real);
  const n = cellsOf(real);
  const rows: { [name: string]: number[] } = { mse: [], slope: [], r: [], mae: [] };
  for (const candidate of candidates) {
    const y = geneMoments(candidate);
    const { mse, slope } = correlationAgreement(x, y);
    rows.mse.push(mse);
    rows.slope.push(slope);
    rows.r.push(pearson(x.mean, y.mean));
    rows.mae.push(meanAbsoluteDifference(x.mean, y.mean));
    yield;
  }
  return [
    { id: `${prefix}corr_mse`, values: rows.mse, n },
    { id: `${prefix}corr_slope`, values: rows.slope, n },
    { id: `${prefix}mean_pearson`, values: rows.r, n },
    ...(prefix === '' ? [{ id: 'mean_mae', values: rows.mae, n } as const] : []),
  ];
}

function* sliced(
  id: 'sliced_w2' | 'log_sliced_w2',
  real: Points,
  candidates: readonly Points[],
  seed: number,
): Steps<unknown, Measured[]> {
  return [{ id, values: yield* meanSlicedWassersteinSteps(real, candidates, seed), n: cellsOf(real) }];
}

function* kernels(real: Points, candidates: readonly Points[], seed: number): Steps<unknown, Measured[]> {
  const xx = yield* pairDistanceSteps(real, real);
  const n = cellsOf(real);
  const [st3, scldm]: number[][] = [[], []];
  for (const candidate of candidates) {
    const xy = yield* pairDistanceSteps(real, candidate);
    const within = [xx, yield* pairDistanceSteps(candidate, candidate)] as const;
    st3.push(mmdOf('st3', within, xy, medianGamma(real, candidate, seed)));
    scldm.push(mmdOf('scldm', within, xy, 1));
  }
  return [
    { id: 'mmd2_st3', values: st3, n },
    { id: 'mmd2_scldm', values: scldm, n },
  ];
}

function* onComponents(real: Points, candidates: readonly Sample[]): Steps<unknown, Measured[]> {
  const components = fitComponents(geneMoments(real), COMPONENTS);
  const x = project(components, real);
  const n = cellsOf(real);
  const moments = geneMoments(x);
  const [few, some, least] = [CFGEN_CELLS, TRANSPORT_CELLS, SINKHORN_CELLS].map((most) => Math.min(n, most));
  const fewReal = first(few, x);
  const xx = yield* pairDistanceSteps(fewReal, fewReal);
  const rows: { [name: string]: number[] } = { frechet: [], cfgen: [], w1: [], w2: [], sinkhorn: [] };
  for (const { tokens, constant } of candidates) {
    const y = project(components, tokens);
    rows.frechet.push(frechetDistance(moments, geneMoments(y)));
    const fewMade = first(few, y);
    const within = [xx, yield* pairDistanceSteps(fewMade, fewMade)] as const;
    rows.cfgen.push(mmdOf('cfgen', within, yield* pairDistanceSteps(fewReal, fewMade), 1));
    const [realSome, realLeast] = [first(some, x), first(least, x)];
    if (constant) {
      // Every plan costs the same where all go to one point.
      rows.w1.push(distanceTo(realSome, y, 1));
      rows.w2.push(distanceTo(realSome, y, 2));
      rows.sinkhorn.push(distanceTo(realLeast, y, 2));
      continue;
    }
    for (const power of [1, 2] as const) {
      rows[`w${power}`].push(exactWasserstein(realSome, first(some, y), power));
      yield;
    }
    rows.sinkhorn.push(sinkhornDistance(realLeast, first(least, y)).distance);
    yield;
  }
  return [
    { id: 'frechet', values: rows.frechet, n },
    { id: 'mmd2_cfgen', values: rows.cfgen, n: few },
    { id: 'w1_exact', values: rows.w1, n: some },
    { id: 'w2_exact', values: rows.w2, n: some },
    { id: 'w2_sinkhorn', values: rows.sinkhorn, n: least },
  ];
}

/** (Mean of |x − c|^power)^(1/power) of points x and the first point c. */
function distanceTo({ values, dim }: Points, { values: to }: Points, power: 1 | 2): number {
  const cells = values.length / dim;
  let sum = 0;
  for (let cell = 0; cell < cells; cell++) {
    let square = 0;
    for (let k = 0; k < dim; k++) square += (values[cell * dim + k] - to[k]) ** 2;
    sum += power === 2 ? square : Math.sqrt(square);
  }
  return (sum / cells) ** (1 / power);
}

function* countsOf(real: Points, candidates: readonly Points[]): Steps<unknown, Measured[]> {
  const n = cellsOf(real);
  const zeros = zeroFraction(real);
  const differences = candidates.map((candidate) => zeroFraction(candidate) - zeros);
  const libraries = candidates.map((candidate) => libraryAgreement(real, candidate));
  yield;
  const [generated] = libraries;
  return [
    {
      id: 'zero_fraction',
      values: differences,
      n,
      parts: { generated: differences[0] + zeros, real: zeros },
    },
    {
      id: 'library_ks',
      values: libraries.map(({ statistic }) => statistic),
      n,
      parts: { levels: LIBRARY_LEVELS, generated: generated.generated, real: generated.real },
    },
  ];
}

function* inLogarithms(real: Points, candidates: readonly Points[], seed: number): Steps<unknown, Measured[]> {
  const [x, ...ys] = [real, ...candidates].map((counts) => logNormalise(counts));
  const n = cellsOf(x);
  const agreement = yield* profiles(x, ys, 'log_');
  const few = Math.min(n, LOG_CELLS);
  const distances = yield* sliced(
    'log_sliced_w2',
    first(few, x),
    ys.map((y) => first(few, y)),
    seed,
  );
  const components = fitComponents(geneMoments(x), COMPONENTS);
  const moments = geneMoments(project(components, x));
  const values: number[] = [];
  for (const y of ys) {
    values.push(frechetDistance(moments, geneMoments(project(components, y))));
    yield;
  }
  return [...agreement, ...distances, { id: 'log_frechet', values, n }];
}
