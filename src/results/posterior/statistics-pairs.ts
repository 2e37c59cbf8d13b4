/** Which items of a run belong together: pairs at ±g with one noise seed, and twins turned by 90°. */
import { type MeanWithError, pairedResponse, type RingMean, ringMean } from '../../stats/paired.ts';
import type { StatisticsItem } from './statistics-item.ts';

/** Components that change sign in a pair. */
const SHEAR = ['g1', 'g2'];
const SHAPE = ['e1', 'e2'];

/** Response of each shear component over all pairs with opposite truths and equal seeds; no entry without such pairs. */
export function pairedResponses(
  items: readonly StatisticsItem[],
  names: readonly string[],
): Map<string, MeanWithError> {
  const minus = new Map(items.map((item) => [`${item.seed} ${shearKey(item, -1)}`, item]));
  const pairs = items.flatMap((item) => {
    const other = minus.get(`${item.seed} ${shearKey(item, 1)}`);
    return other && other !== item && first(item, SHEAR) ? [[item, other] as const] : [];
  });
  return new Map(
    names.flatMap((name) => {
      if (!SHEAR.includes(name)) return [];
      const usable = pairs.filter(
        ([plus, other]) => plus.truth[name] !== 0 && [plus, other].every((item) => Number.isFinite(meanOf(item, name))),
      );
      if (usable.length === 0) return [];
      const response = pairedResponse(
        usable.map(([plus]) => meanOf(plus, name)),
        usable.map(([, other]) => meanOf(other, name)),
        usable.map(([plus]) => plus.truth[name]),
      );
      return [[name, response] as const];
    }),
  );
}

/** Mean error over twins (seeds s and s + 1, equal shear, opposite ellipticity); no entry without twins. */
export function ringMeans(items: readonly StatisticsItem[], names: readonly string[]): Map<string, RingMean> {
  const bySeed = new Map(items.map((item) => [`${item.seed} ${shearKey(item, 1)}`, item]));
  const twins = items.flatMap((item) => {
    const other = bySeed.get(`${item.seed + 1} ${shearKey(item, 1)}`);
    const turned = other && SHAPE.every((name) => other.truth[name] === -(item.truth[name] ?? Number.NaN));
    return turned && SHAPE.some((name) => item.truth[name] !== 0) ? [[item, other] as const] : [];
  });
  if (twins.length < 2) return new Map();
  return new Map(
    names
      .filter((name) => SHEAR.includes(name))
      .map((name) => {
        const error = (item: StatisticsItem) => meanOf(item, name) - item.truth[name];
        return [
          name,
          ringMean(
            twins.map(([item]) => error(item)),
            twins.map(([, other]) => error(other)),
          ),
        ] as const;
      }),
  );
}

function meanOf(item: StatisticsItem, name: string): number {
  return item.estimates.find((estimate) => estimate.name === name)?.mean ?? Number.NaN;
}

/** The true shear times `sign`, as text; adding zero turns −0 into 0. */
function shearKey({ truth }: StatisticsItem, sign: number): string {
  return SHEAR.map((name) => sign * (truth[name] ?? Number.NaN) + 0).join(' ');
}

/** Of a pair, the item whose first nonzero component is positive. */
function first({ truth }: StatisticsItem, names: readonly string[]): boolean {
  return (names.map((name) => truth[name]).find((value) => value !== 0) ?? 0) > 0;
}
