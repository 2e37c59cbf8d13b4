/** Pairs of texts for patching, and what is said of them. */
import type { ArrayLayout } from '../../../../results/arrays.ts';
import { pearson } from '../../../../stats/correlation.ts';
import type { MetricOutcome, MetricSetting } from '../metric.ts';
import { targetOf } from './items.ts';
import { arraysOf, largestAt, meanHeadline, meanOf, noValues } from './outcome.ts';

export interface Pair {
  readonly item: number;
  readonly position: number;
  /** Next token of the text, and of its counterfactual. */
  readonly target: number;
  readonly other: number;
  /** Ids up to the position. */
  readonly clean: readonly number[];
  readonly corrupted: readonly number[];
}

/** Texts with a counterfactual of equal length and of another next token. */
export function pairsOf(setting: MetricSetting): Pair[] {
  return setting.items.flatMap((item, at): Pair[] => {
    const { position, index } = targetOf(setting, item);
    const other = item.counterfactual?.[position + 1];
    if (!item.ids || other === undefined || item.counterfactual?.length !== item.ids.length) return [];
    if (index < 0 || other === index) return [];
    const upTo = (ids: readonly number[]) => ids.slice(0, position + 1);
    return [{ item: at, position, target: index, other, clean: upTo(item.ids), corrupted: upTo(item.counterfactual) }];
  });
}

export interface PatchingSums {
  /** [pair][clean, corrupted] */
  readonly ends: Float64Array;
  /** m: [pair][layer][token], [pair][block][head] */
  readonly residual: Float64Array;
  readonly heads: Float64Array;
  readonly residualEstimate: Float64Array;
  readonly headsEstimate: Float64Array;
  /** [pair][all positions, none] */
  readonly whole: Float64Array;
  readonly shuffled: Float64Array;
}

export function patchingOutcome(
  setting: MetricSetting,
  layouts: readonly ArrayLayout[],
  pairs: readonly Pair[],
  tokens: number,
  sums: PatchingSums,
): MetricOutcome {
  const { graph, items } = setting;
  /** Of m, (m − m_corrupted)/(m_clean − m_corrupted); of estimates without the offset. */
  const normalised = (of: Float64Array, estimate = false) =>
    of.map((m, i) => {
      const pair = Math.floor((i * pairs.length) / of.length);
      const [clean, corrupted] = [sums.ends[2 * pair], sums.ends[2 * pair + 1]];
      // + 0: nothing patched is 0, whatever the sign of what was to be had.
      return (estimate ? m : m - corrupted) / (clean - corrupted) + 0;
    });
  const own = (of: Float64Array) => {
    const out = noValues(of.length);
    for (const [p, { position }] of pairs.entries())
      for (let l = 0; l < graph.residuals.length; l++) {
        const at = (p * graph.residuals.length + l) * tokens;
        out.set(of.subarray(at, at + position + 1), at);
      }
    return out;
  };
  const residual = own(normalised(sums.residual));
  const residualEstimate = own(normalised(sums.residualEstimate, true));
  const heads = normalised(sums.heads);
  const headsEstimate = normalised(sums.headsEstimate, true);
  const whole = normalised(sums.whole);
  const shuffled = normalised(sums.shuffled);
  const all = graph.layers * graph.heads;
  const column = (head: number) => pairs.map((_, p) => heads[p * all + head]);
  const best = strongestHead(sums.heads, sums.ends, all);
  const known = (of: Float64Array) => of.filter((value) => !Number.isNaN(value));
  const skipped = items.filter(({ counterfactual }) => counterfactual).length - pairs.length;

  return {
    arrays: arraysOf(layouts, {
      item: pairs.map(({ item }) => item),
      position: pairs.map(({ position }) => position),
      target: pairs.map(({ target }) => target),
      counterfactual_target: pairs.map(({ other }) => other),
      difference: sums.ends,
      residual,
      heads,
      residual_estimate: residualEstimate,
      heads_estimate: headsEstimate,
      whole,
      shuffled,
    }),
    headlines: [
      meanHeadline(
        setting,
        {
          key: 'head',
          name: `effect of head ${Math.floor(best / graph.heads)}.${best % graph.heads}, the strongest, mean over pairs`,
          control: { name: 'the same head with its positions shuffled', value: meanOf(shuffled) },
        },
        column(best),
      ),
      meanHeadline(
        setting,
        {
          key: 'whole',
          name: 'effect of a whole stream, which must be 1',
          control: { name: 'nothing patched, which must be 0', value: meanOf(pairs.map((_, p) => whole[2 * p + 1])) },
        },
        pairs.map((_, p) => whole[2 * p]),
      ),
      {
        key: 'estimateResidual',
        name: 'correlation of attribution patching with the exact effects, residual × position',
        value: pearson(known(residualEstimate), known(residual)),
        control: { name: 'an exact estimate', value: 1 },
      },
      {
        key: 'estimateHeads',
        name: 'correlation of attribution patching with the exact effects, heads',
        value: pearson(headsEstimate, heads),
        control: { name: 'an exact estimate', value: 1 },
      },
    ],
    beside: [],
    notes:
      skipped > 0
        ? [`${skipped} texts are left out: their counterfactual has another length, or the same next token.`]
        : [],
  };
}

/** Of the largest mean effect. @param ends [pair][clean, corrupted] */
export function strongestHead(heads: ArrayLike<number>, ends: ArrayLike<number>, count: number): number {
  const means = new Float64Array(count);
  for (let i = 0; i < heads.length; i++) {
    const pair = Math.floor(i / count);
    const [whole, nothing] = [ends[2 * pair], ends[2 * pair + 1]];
    means[i % count] += (heads[i] - nothing) / (whole - nothing);
  }
  return Math.max(0, largestAt(means));
}
