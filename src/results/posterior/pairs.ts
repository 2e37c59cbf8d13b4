/** Which items of a run belong together: pairs with opposite truths and one noise seed, and twins whose nuisance is opposite. */
import { type MeanWithError, pairedResponse, type RingMean, ringMean } from '../../stats/paired.ts';
import type { StatisticsItem } from './statistics-item.ts';

/** Items that an experiment makes in pairs: equal seeds, opposite truths. */
export interface Pairs {
  /** Parameters whose truths change sign in a pair, and which are inferred. */
  readonly names: readonly string[];
  /** What they are called after their number, e.g. "pairs at ±g with shared noise". */
  readonly label: string;
}

/** Items that an experiment makes in twins: seeds s and s + 1, equal truths of what is inferred, opposite truths of something else. */
export interface Twins extends Pairs {
  /** Parameters whose truths change sign between twins; `names` are those that are equal. */
  readonly opposite: readonly string[];
}

/** A statistic of items that belong together, and what those are called. */
export type Labelled<T> = T & { readonly label: string };

/** Response of each parameter over all pairs; no entry without such pairs. */
export function pairedResponses(
  items: readonly StatisticsItem[],
  known: readonly string[],
  { names, label }: Pairs,
): Map<string, Labelled<MeanWithError>> {
  const minus = new Map(items.map((item) => [`${item.seed} ${truthKey(item, names, -1)}`, item]));
  const pairs = items.flatMap((item) => {
    const other = minus.get(`${item.seed} ${truthKey(item, names, 1)}`);
    return other && other !== item && isFirst(item, names) ? [[item, other] as const] : [];
  });
  return new Map(
    known.flatMap((name) => {
      if (!names.includes(name)) return [];
      const usable = pairs.filter(
        ([plus, other]) => plus.truth[name] !== 0 && [plus, other].every((item) => Number.isFinite(meanOf(item, name))),
      );
      if (usable.length === 0) return [];
      const response = pairedResponse(
        usable.map(([plus]) => meanOf(plus, name)),
        usable.map(([, other]) => meanOf(other, name)),
        usable.map(([plus]) => plus.truth[name]),
      );
      return [[name, { ...response, label }] as const];
    }),
  );
}

/** Mean error of each parameter over all twins; no entry without them. */
export function twinMeans(
  items: readonly StatisticsItem[],
  known: readonly string[],
  { names, opposite, label }: Twins,
): Map<string, Labelled<RingMean>> {
  const bySeed = new Map(items.map((item) => [`${item.seed} ${truthKey(item, names, 1)}`, item]));
  const twins = items.flatMap((item) => {
    const other = bySeed.get(`${item.seed + 1} ${truthKey(item, names, 1)}`);
    const turned = other && opposite.every((name) => other.truth[name] === -(item.truth[name] ?? Number.NaN));
    return turned && opposite.some((name) => item.truth[name] !== 0) ? [[item, other] as const] : [];
  });
  if (twins.length < 2) return new Map();
  return new Map(
    known
      .filter((name) => names.includes(name))
      .map((name) => {
        const error = (item: StatisticsItem) => meanOf(item, name) - item.truth[name];
        const mean = ringMean(
          twins.map(([item]) => error(item)),
          twins.map(([, other]) => error(other)),
        );
        return [name, { ...mean, label }] as const;
      }),
  );
}

function meanOf(item: StatisticsItem, name: string): number {
  return item.estimates.find((estimate) => estimate.name === name)?.mean ?? Number.NaN;
}

/** The truths times `sign`, as text; adding zero turns −0 into 0. */
function truthKey({ truth }: StatisticsItem, names: readonly string[], sign: number): string {
  return names.map((name) => sign * (truth[name] ?? Number.NaN) + 0).join(' ');
}

/** Of a pair, the item whose first nonzero truth is positive. */
function isFirst({ truth }: StatisticsItem, names: readonly string[]): boolean {
  return (names.map((name) => truth[name]).find((value) => value !== 0) ?? 0) > 0;
}
