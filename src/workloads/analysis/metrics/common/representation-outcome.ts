/** What sums over rows of representations say. */
import type { ArrayLayout } from '../../../../results/arrays.ts';
import { gramMatrix } from '../../../../stats/classification/products.ts';
import { jackknife } from '../../../../stats/resampling/jackknife.ts';
import {
  covarianceOfSums,
  type EffectiveRanks,
  effectiveRanksOfCovariance,
} from '../../../../stats/similarity/effective-rank.ts';
import { ckaNull, ckaWithError } from '../../../../stats/similarity/hsic-kernel.ts';
import { cka, hsic0, minibatchCka, pairSums } from '../../../../stats/similarity/hsic-sums.ts';
import type { Headline, MetricOutcome, MetricSetting, TheirsBesideOurs } from '../metric.ts';
import { STREAM } from './addressed.ts';
import { type CrossSums, comparesAll } from './cross-representations.ts';
import { arraysOf, layout } from './layouts.ts';
import { lengthOf } from './loss-rows.ts';
import { ckaMatrix, debiased, pairAt, pairOf, pairsOf, theirCka } from './pair-tables.ts';
import { comparesOf, setsOf } from './representation-sets.ts';

export interface Tables {
  /** Where the sums of each pair begin. */
  readonly starts: readonly number[];
  /** Mean of each set over all rows, one set after another. */
  readonly means: Float64Array;
  /** [item][sets' widths], mean over an item's own rows. */
  readonly pooled: Float64Array;
  readonly sums: Float64Array;
  /** HSIC₁ without an item, and of its rows alone: [item][pair]. */
  readonly leftOut: Float64Array;
  readonly itemHsic: Float64Array;
  /** Participation ratio without an item, [item][set]. */
  readonly ratioLeftOut: Float64Array;
  readonly otherMeans: Float64Array;
  readonly cross: CrossSums | undefined;
}

/** Fewest items whose pooled rows have a debiased CKA. */
const FEWEST = 4;

export function representationLayouts(id: string, setting: MetricSetting): ArrayLayout[] {
  const r = setsOf(setting.graph).length;
  const [set, other] = [['set', r] as const, ['other_set', r] as const];
  const pooled = setting.items.length >= FEWEST;
  return [
    ...['cka', 'cka_error', 'cka_biased', 'cka_minibatch', 'hsic'].map((name) => layout(id, name, [set, other])),
    ...(pooled
      ? ['cka_pooled', 'cka_pooled_error', 'cka_null', 'cka_null_sd', 'cka_p'].map((name) =>
          layout(id, name, [set, other]),
        )
      : []),
    ...[
      'participation_ratio',
      'participation_ratio_error',
      'rank_of_singular_values',
      'rank_of_variances',
      'stable_rank',
      'rank_bound',
    ].map((name) => layout(id, name, [set])),
    ...(comparesOf(setting) ? ['cka_models', 'cka_models_error'].map((name) => layout(id, name, [set, other])) : []),
  ];
}

export function representationOutcome(
  layouts: readonly ArrayLayout[],
  setting: MetricSetting,
  tables: Tables,
  arithmetic: 'f32' | 'f64',
): MetricOutcome {
  const { graph, items } = setting;
  const sets = setsOf(graph);
  const r = sets.length;
  const pairs = pairsOf(r);
  const width = (set: number) => graph.widths[sets[set].value];
  const sums = pairs.map(([x, y], pair) =>
    pairOf(tables.sums.subarray(tables.starts[pair], tables.starts[pair + 1]), width(x), width(y)),
  );
  const hsic = sums.map(debiased);
  const biased = sums.map(hsic0);
  const leftOut = items.map((_, item) => ckaMatrix(r, (pair) => tables.leftOut[item * pairs.length + pair]));
  const found = ckaMatrix(r, (pair) => hsic[pair]);
  const errors = found.map((_, at) => jackknife(leftOut.map((matrix) => matrix[at])).error);
  const ranks = sets.map((_, set) => ranksOf(sums[pairAt(r, set, set)], width(set), arithmetic));
  const ratioErrors = sets.map(
    (_, set) => jackknife(items.map((_, item) => tables.ratioLeftOut[item * r + set])).error,
  );
  const pooled = items.length >= FEWEST ? pooledOf(setting, tables) : undefined;
  const models = tables.cross && modelsOf(tables.cross, r, items.length);
  const square = (pair: (p: number) => number) =>
    Float64Array.from({ length: r * r }, (_, at) => pair(pairAt(r, Math.floor(at / r), at % r)));
  return {
    arrays: arraysOf(layouts, {
      cka: found,
      cka_error: errors,
      cka_biased: ckaMatrix(r, (pair) => biased[pair]),
      cka_minibatch: minibatchOf(tables, items.length, r),
      hsic: square((pair) => hsic[pair]),
      ...pooled,
      participation_ratio: ranks.map(({ participationRatio }) => participationRatio),
      participation_ratio_error: ratioErrors,
      rank_of_singular_values: ranks.map(({ entropyOfSingularValues }) => entropyOfSingularValues),
      rank_of_variances: ranks.map(({ entropyOfVariances }) => entropyOfVariances),
      stable_rank: ranks.map(({ stableRank }) => stableRank),
      rank_bound: ranks.map(({ bound }) => bound),
      ...(models && { cka_models: models.found, cka_models_error: models.errors }),
    }),
    headlines: linesOf(setting, { found, errors, ranks, ratioErrors, pooled, models }),
    beside: setting.origin ? besideOf(setting, tables, found, ranks) : [],
    notes: notesOf(setting, sums[0].n, ranks[0].bound),
    attributes: { sets: sets.map(({ name }) => name).join('\n'), rows: sums[0].n },
  };
}

function ranksOf({ n, sx, c }: ReturnType<typeof pairOf>, d: number, arithmetic: 'f32' | 'f64'): EffectiveRanks {
  return effectiveRanksOfCovariance(covarianceOfSums(c, sx, n), { n, d }, arithmetic === 'f32' ? 2 ** -23 : undefined);
}

/** Rows of each item taken for one batch; NaN where one has fewer than four rows. */
function minibatchOf({ itemHsic }: Tables, items: number, r: number): Float64Array {
  const pairs = pairsOf(r).length;
  const at = (item: number, a: number, b: number) => itemHsic[item * pairs + pairAt(r, a, b)];
  return Float64Array.from({ length: r * r }, (_, place) => {
    const [a, b] = [Math.floor(place / r), place % r];
    return minibatchCka(
      Array.from({ length: items }, (_, item) => ({ xy: at(item, a, b), xx: at(item, a, a), yy: at(item, b, b) })),
    );
  });
}

/** Pooled rows [items][width] of a set, less their common mean. */
function pooledRows({ graph, items }: MetricSetting, { pooled, means }: Tables, set: number): Float64Array {
  const sets = setsOf(graph);
  const width = graph.widths[sets[set].value];
  const first = sets.slice(0, set).reduce((sum, { value }) => sum + graph.widths[value], 0);
  return Float64Array.from({ length: items.length * width }, (_, at) => {
    const [item, d] = [Math.floor(at / width), at % width];
    return pooled[item * means.length + first + d] - means[first + d];
  });
}

/** Of pooled items: debiased CKA, its error, and what it is with the rows of one side permuted. */
function pooledOf(setting: MetricSetting, tables: Tables) {
  const { items, seed, sizes } = setting;
  const r = setsOf(setting.graph).length;
  const n = items.length;
  const kernels = Array.from({ length: r }, (_, set) => gramMatrix(pooledRows(setting, tables, set), n));
  const options = { seed, stream: STREAM.pairing, permutations: sizes.permutations };
  const all = pairsOf(r).map(([x, y]) => ({
    ...ckaWithError(kernels[x], kernels[y], n),
    test: ckaNull(kernels[x], kernels[y], n, options),
  }));
  const square = (of: (pair: (typeof all)[number]) => number) =>
    Float64Array.from({ length: r * r }, (_, at) => of(all[pairAt(r, Math.floor(at / r), at % r)]));
  return {
    cka_pooled: square((pair) => pair.cka),
    cka_pooled_error: square(({ error }) => error),
    cka_null: square(({ test }) => test.nullMean),
    cka_null_sd: square(({ test }) => test.nullSd),
    cka_p: square(({ test }) => test.p),
  };
}

function modelsOf(cross: CrossSums, r: number, items: number) {
  const place = new Map(cross.pairs.map(({ of, x, y }, pair) => [`${of} ${x} ${y}`, pair]));
  const matrix = (hsic: (pair: number) => number) =>
    Float64Array.from({ length: r * r }, (_, at) => {
      const [x, y] = [Math.floor(at / r), at % r];
      const pair = place.get(`both ${x} ${y}`);
      if (pair === undefined) return Number.NaN;
      return cka({ xy: hsic(pair), xx: hsic(place.get(`this ${x} ${x}`)!), yy: hsic(place.get(`other ${y} ${y}`)!) });
    });
  const leftOut = Array.from({ length: items }, (_, item) =>
    matrix((pair) => cross.leftOut[item * cross.pairs.length + pair]),
  );
  const found = matrix((pair) => cross.hsic(pair));
  return { found, errors: found.map((_, at) => jackknife(leftOut.map((own) => own[at])).error) };
}

interface Found {
  readonly found: Float64Array;
  readonly errors: Float64Array;
  readonly ranks: readonly EffectiveRanks[];
  readonly ratioErrors: readonly number[];
  readonly pooled: ReturnType<typeof pooledOf> | undefined;
  readonly models: ReturnType<typeof modelsOf> | undefined;
}

function linesOf(setting: MetricSetting, { found, errors, ranks, ratioErrors, pooled, models }: Found): Headline[] {
  const sets = setsOf(setting.graph);
  const last = sets.length - 1;
  const of = `jackknife over ${setting.items.length} items`;
  const error = (value: number) => (Number.isFinite(value) ? { value, of } : undefined);
  const known = (value: number, line: Omit<Headline, 'value'>): Headline[] =>
    Number.isFinite(value) ? [{ ...line, value }] : [];
  const control =
    pooled && Number.isFinite(pooled.cka_null[last])
      ? {
          name: `pooled rows paired at random, mean of ${setting.sizes.permutations} (sd ${pooled.cka_null_sd[last].toPrecision(2)})`,
          value: pooled.cka_null[last],
        }
      : undefined;
  return [
    ...known(found[last], {
      key: 'ckaEnds',
      name: `debiased CKA of ${sets[0].name} and ${sets[last].name}, rows = tokens`,
      error: error(errors[last]),
      control,
    }),
    ...(pooled
      ? known(pooled.cka_pooled[last], {
          key: 'ckaPooledEnds',
          name: 'the same of pooled items',
          error: error(pooled.cka_pooled_error[last]),
          control,
        })
      : []),
    ...known(ranks[last].participationRatio, {
      key: 'participationRatio',
      name: `participation ratio of ${sets[last].name}, (Σλ)²/Σλ²`,
      error: error(ratioErrors[last]),
      control: { name: 'min(n − 1, d), which none exceeds', value: ranks[last].bound },
    }),
    ...known(ranks[last].entropyOfSingularValues, {
      key: 'effectiveRank',
      name: `effective rank of ${sets[last].name}, exp of the entropy of σ/Σσ`,
      control: { name: 'min(n − 1, d), which none exceeds', value: ranks[last].bound },
    }),
    ...(models
      ? known(models.found[last * sets.length + last], {
          key: 'ckaModels',
          name: `debiased CKA of ${sets[last].name} in this model and in ${comparesOf(setting)!.name}`,
          error: error(models.errors[last * sets.length + last]),
          control: { name: 'the same model', value: 1 },
        })
      : []),
  ];
}

/** The origin's CKA of these streams, and its effective rank. */
function besideOf(
  setting: MetricSetting,
  tables: Tables,
  found: Float64Array,
  ranks: readonly EffectiveRanks[],
): TheirsBesideOurs[] {
  const sets = setsOf(setting.graph);
  const last = sets.length - 1;
  const half = Math.floor(setting.items.length / 2);
  const beside: TheirsBesideOurs[] = [
    {
      name: `effective rank of ${sets[last].name}`,
      ours: ranks[last].participationRatio,
      theirs: ranks[last].squaredSumOverSum,
      why: 'Theirs is (Σσ)²/Σσ² of singular values, another quantity under the name of a participation ratio, with rows of padding among the rows.',
    },
  ];
  if (half < 2) return beside;
  const rows = (set: number, from: number) => {
    const all = pooledRows(setting, tables, set);
    const width = all.length / setting.items.length;
    return all.subarray(from * width, (from + half) * width);
  };
  const [x, y] = [rows(0, 0), rows(last, half)];
  return [
    {
      name: `CKA of ${sets[0].name} and ${sets[last].name}`,
      ours: found[last],
      theirs: theirCka(pairSums(x, y, half), pairSums(x, x, half), pairSums(y, y, half)),
      why: `Theirs compares different texts row by row (here the first ${half} with the next ${half}), biased and with 1e-5 in the denominator: of independent numbers it comes to .8 to .98 at 16 rows, whatever the model.`,
    },
    ...beside,
  ];
}

function notesOf(setting: MetricSetting, rows: number, bound: number): string[] {
  const { graph, items } = setting;
  const short = items.filter((item) => lengthOf(graph, item) < 4).length;
  return [
    `${rows} rows of ${items.length} items. Tokens of an item depend on each other: errors leave out items, and the null pairs pooled items at random.`,
    'Debiased CKA may be below 0 or above 1 where rows are few; it is shown as it is. The biased one stands beside it for comparison: it grows with width over rows.',
    `No effective rank exceeds min(n − 1, d) = ${bound}.`,
    ...(items.length < FEWEST ? ['Pooled rows and the null take four items or more.'] : []),
    ...(short > 0
      ? [`Minibatch CKA takes an item for a batch; ${short} items have fewer than four rows, so there is none.`]
      : []),
    ...(comparesOf(setting) && !comparesAll(setting)
      ? ['Between models each stream is compared with its counterpart alone: all pairs would take too long on the CPU.']
      : []),
  ];
}
