/** What is said of causal traces. */
import type { ArrayLayout } from '../../../../results/arrays.ts';
import type { Headline, MetricOutcome, MetricSetting } from '../metric.ts';
import { arraysOf, meanHeadline, meanOf, noValues } from './outcome.ts';
import { cellsOf, type Place, placeIn, SITES } from './trace-places.ts';
import type { TracedItem } from './trace-runs.ts';

interface TraceSums {
  readonly own: readonly TracedItem[];
  readonly tokens: number;
  readonly bestOf: (item: number) => Place;
  /** [item] */
  readonly clean: Float64Array;
  /** [item][draw] */
  readonly corrupted: Float64Array;
  /** [item][cell], over draws. */
  readonly mean: Float64Array;
  readonly squares: Float64Array;
  /** [item][draw] */
  readonly donor: Float64Array;
}

export function traceOutcome(setting: MetricSetting, layouts: readonly ArrayLayout[], sums: TraceSums): MetricOutcome {
  const { graph, items, sizes } = setting;
  const { own, tokens, clean, corrupted } = sums;
  const draws = sizes.traceDraws;
  const cells = cellsOf(graph, tokens);
  const size = items.length * SITES.length * graph.layers * tokens;
  const [restored, deviation, effect] = [noValues(size), noValues(size), noValues(size)];
  const base = items.map((_, i) => spread(corrupted.subarray(i * draws, (i + 1) * draws)));
  // + 0: nothing restored is 0, whatever the sign of what was to be had.
  const normalised = (i: number, p: number) => (p - base[i].mean) / (clean[i] - base[i].mean) + 0;
  const isCorrupted = new Float64Array(items.length * tokens);
  for (const [i, { target, corrupted: at, places }] of own.entries()) {
    for (const position of at) isCorrupted[i * tokens + position] = 1;
    const there = new Set(places.map((place) => placeIn(graph, place, tokens)));
    for (const [s, site] of SITES.entries())
      for (let layer = 0; layer < graph.layers; layer++)
        for (let position = 0; position <= target.position; position++) {
          const kind = site === 'attention' || site === 'mlp' ? site : 'residual';
          const place = { kind, layer: site === 'residPost' ? layer + 1 : layer, position, value: '' } as const;
          const from = placeIn(graph, place, tokens);
          const into = ((i * SITES.length + s) * graph.layers + layer) * tokens + position;
          // Elsewhere nothing that is restored can reach the target: the corrupted run as it is.
          const known = there.has(from);
          const mean = known ? sums.mean[i * cells + from] : base[i].mean;
          restored[into] = mean;
          deviation[into] = known ? sdOf(sums.squares[i * cells + from], draws) : base[i].sd;
          effect[into] = normalised(i, mean);
        }
  }
  const bestOfKind = (kind: Place['kind']) =>
    items.map((_, i) => {
      const found = own[i].places.filter((place) => place.kind === kind).map((place) => placeIn(graph, place, tokens));
      return found.reduce((a, b) => (sums.mean[i * cells + b] > sums.mean[i * cells + a] ? b : a));
    });
  const headline = (key: string, name: string, best: readonly number[], control?: Headline['control']): Headline => {
    const about = { key, name, ...(control && { control }) };
    const values = best.map((at, i) => normalised(i, sums.mean[i * cells + at]));
    if (items.length > 1) return meanHeadline(setting, about, values);
    const sd = sdOf(sums.squares[best[0]], draws) / Math.abs(clean[0] - base[0].mean);
    return {
      ...about,
      value: values[0],
      error: { value: sd / Math.sqrt(draws), of: `sd over ${draws} draws / √${draws}` },
    };
  };
  const donor = items.map((_, i) => normalised(i, meanOf(sums.donor.subarray(i * draws, (i + 1) * draws))));
  const unharmed = items.filter((_, i) => !(clean[i] - base[i].mean > 2 * (base[i].sd / Math.sqrt(draws))));
  return {
    arrays: arraysOf(layouts, {
      position: own.map(({ target }) => target.position),
      target: own.map(({ target }) => target.index),
      clean,
      corrupted,
      is_corrupted: isCorrupted,
      restored,
      restored_sd: deviation,
      effect,
      donor: sums.donor,
    }),
    headlines: [
      meanHeadline(
        setting,
        {
          key: 'clean',
          name: 'p of the explained token, mean over texts',
          control: { name: 'of the corrupted texts', value: meanOf(base.map(({ mean }) => mean)) },
        },
        clean,
      ),
      headline(
        'mlp',
        'share of p that one MLP output at one position restores, the best of each text',
        bestOfKind('mlp'),
        draws > 1 ? { name: 'the same place, filled from another corrupted run', value: meanOf(donor) } : undefined,
      ),
      headline(
        'attention',
        'share of p that one attention output at one position restores, the best of each text',
        bestOfKind('attention'),
      ),
    ],
    beside: [],
    notes:
      unharmed.length > 0
        ? [
            `For ${unharmed.length} of ${items.length} texts (“${unharmed[0].name}”) the noise takes away less of p than twice its error: their shares mean nothing. Corrupt other positions.`,
          ]
        : [],
  };
}

const sdOf = (squares: number, n: number): number => (n > 1 ? Math.sqrt(squares / (n - 1)) : Number.NaN);

/** Mean and standard deviation, summed as the restored ones are. */
function spread(values: ArrayLike<number>): { readonly mean: number; readonly sd: number } {
  let [mean, squares] = [0, 0];
  for (let n = 0; n < values.length; n++) {
    const off = values[n] - mean;
    mean += off / (n + 1);
    squares += off * (values[n] - mean);
  }
  return { mean, sd: sdOf(squares, values.length) };
}
