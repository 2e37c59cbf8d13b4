/** Arrays and headlines of an outcome. */
import type { ArrayLayout, ItemArray } from '../../../../results/arrays.ts';
import { type BootstrapOptions, bootstrapMean, bootstrapRatio } from '../../../../stats/resampling/bootstrap.ts';
import type { Headline, MetricSetting } from '../metric.ts';
import { streamOf } from './randoms.ts';

/** An array of f64 with a length for each of its dimensions. @param dims names and lengths, the last the fastest */
export function layout(
  group: string,
  name: string,
  dims: Readonly<Record<string, number>>,
  unit?: string,
): ArrayLayout {
  return { group, name, dims: Object.keys(dims), shape: Object.values(dims), ...(unit && { unit }), kind: 'f64' };
}

/** Puts numbers to layouts, in their order. @throws RangeError where they do not fit */
export function arraysOf(
  layouts: readonly ArrayLayout[],
  values: Readonly<Record<string, ArrayLike<number>>>,
): ItemArray[] {
  return layouts.map(({ kind, ...rest }) => {
    const numbers = values[rest.name];
    const count = rest.shape.reduce((product, length) => product * length, 1);
    if (numbers?.length !== count)
      throw new RangeError(
        `${rest.name} is ${rest.shape.join(' × ')}, and ${numbers?.length ?? 'no'} numbers are given`,
      );
    return { ...rest, values: kind === 'i32' ? Int32Array.from(numbers) : Float64Array.from(numbers) };
  });
}

export const bootstrapOptions = ({ seed, sizes }: MetricSetting): BootstrapOptions => ({
  seed,
  stream: streamOf('bootstrap'),
  resamples: sizes.resamples,
});

/** Mean over items with its bootstrap error. */
export function meanHeadline(
  setting: MetricSetting,
  about: Omit<Headline, 'value' | 'error'>,
  values: ArrayLike<number>,
): Headline {
  const { estimate, error, n } = bootstrapMean(values, bootstrapOptions(setting));
  return { ...about, value: estimate, ...errorOver(setting, error, n) };
}

/** Σ numerator / Σ denominator over items with its bootstrap error. */
export function ratioHeadline(
  setting: MetricSetting,
  about: Omit<Headline, 'value' | 'error'>,
  numerator: ArrayLike<number>,
  denominator: ArrayLike<number>,
): Headline {
  const { estimate, error, n } = bootstrapRatio(numerator, denominator, bootstrapOptions(setting));
  return { ...about, value: estimate, ...errorOver(setting, error, n) };
}

/** No error of one item: there is none to be had. */
function errorOver({ sizes }: MetricSetting, error: number, n: number): Pick<Headline, 'error'> {
  if (!Number.isFinite(error)) return {};
  return { error: { value: error, of: `bootstrap of ${n} items, ${sizes.resamples} resamples` } };
}

/** NaN, "no value", in every place. */
export const noValues = (length: number): Float64Array<ArrayBuffer> => new Float64Array(length).fill(Number.NaN);

/** Index of the largest number; NaN are passed over; −1 where there is none. */
export function largestAt(values: ArrayLike<number>): number {
  let best = -1;
  for (let i = 0; i < values.length; i++)
    if (!Number.isNaN(values[i]) && (best < 0 || values[i] > values[best])) best = i;
  return best;
}

export const meanOf = (values: ArrayLike<number>): number => {
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i++)
    if (!Number.isNaN(values[i])) {
      sum += values[i];
      count++;
    }
  return sum / count;
};
