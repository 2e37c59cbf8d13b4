/** A finished metric as an item of a dataset: its arrays, its headline numbers, what is said of them. */
import type { Attributes } from '../../results/attributed.ts';
import type { DatasetItem } from '../../results/dataset/item.ts';
import type { ItemInfo } from '../../results/item.ts';
import type { RunResults } from '../../results/kind.ts';
import { textsText } from './item-texts.ts';
import type { Headline, Metric, MetricOutcome, MetricSetting, TheirsBesideOurs } from './metrics/metric.ts';

/** What is kept of a metric beside its arrays and its numbers, as one text: attributes are texts and numbers. */
export interface MetricTold {
  readonly definition: string;
  readonly headlines: readonly Headline[];
  readonly beside: readonly TheirsBesideOurs[];
  readonly notes: readonly string[];
}

/** Attributes that are JSON: views and files read them, no table shows them. */
export const JSON_ATTRIBUTES = ['told', 'texts'] as const;

export function metricItem(
  info: ItemInfo,
  metric: Metric,
  setting: MetricSetting,
  outcome: MetricOutcome,
): DatasetItem {
  const { arrays, headlines, beside, notes, attributes = {} } = outcome;
  const [first] = headlines;
  const told: MetricTold = { definition: metric.definition, headlines, beside, notes };
  return {
    info,
    arrays,
    attributes: {
      metric: metric.id,
      family: metric.family,
      title: metric.title,
      items: setting.items.length,
      ...(first && {
        headline: first.name,
        value: first.value,
        ...(first.unit && { unit: first.unit }),
        ...(first.error && { error: first.error.value, errorOf: first.error.of }),
        ...(first.control && { control: first.control.name, controlValue: first.control.value }),
      }),
      ...attributes,
      told: JSON.stringify(told),
      texts: textsText(setting.items, arrays),
    },
    // As with all rows at once: a result tells nothing of what was in flight.
    work: Math.max(1, Math.round(metric.work({ ...setting, rows: setting.items.length }))),
  };
}

/** Of a metric that this model or these texts do not have. */
export function refusedItem(info: ItemInfo, metric: Metric, objection: string): DatasetItem {
  const { id, family, title, definition } = metric;
  const told: MetricTold = { definition, headlines: [], beside: [], notes: [objection] };
  return {
    info,
    arrays: [],
    attributes: { metric: id, family, title, items: 0, objection, told: JSON.stringify(told) },
    work: 0,
  };
}

/** What was no number stands as null in JSON. */
const numbersBack = (key: string, value: unknown) =>
  value === null && ['value', 'ours', 'theirs'].includes(key) ? Number.NaN : value;

export function toldOf({ attributes }: { readonly attributes: Attributes }): MetricTold {
  return typeof attributes.told === 'string'
    ? (JSON.parse(attributes.told, numbersBack) as MetricTold)
    : { definition: '', headlines: [], beside: [], notes: [] };
}

/** Numbers that are none. */
export function problemsOf(item: DatasetItem): string[] {
  const { objection } = item.attributes;
  if (typeof objection === 'string') return [objection];
  return toldOf(item).headlines.flatMap(({ name, value }) => (Number.isNaN(value) ? [`${name} is not a number`] : []));
}

/** All headline numbers, and all that stand beside the origin's. */
export function tablesOf(items: readonly DatasetItem[]): RunResults {
  const told = items.map((item) => ({ title: String(item.attributes.title), ...toldOf(item) }));
  const rows = told.flatMap(({ title, headlines }) =>
    headlines.map(({ name, value, unit = '', error, control }) => [
      title,
      name,
      value,
      error?.value ?? '',
      unit,
      error?.of ?? '',
      control?.name ?? '',
      control?.value ?? '',
    ]),
  );
  const beside = told.flatMap(({ title, beside: all }) =>
    all.map(({ name, ours, theirs, why }) => [title, name, ours, theirs, why]),
  );
  const number = (name: string, heading: string) => ({ name, title: heading, digits: 5 });
  return {
    tables: [
      ...(rows.length > 0
        ? [
            {
              name: 'metrics',
              title: 'All numbers',
              about: 'Each with its error, what that is of, and what it is held against.',
              columns: [
                { name: 'metric', title: 'Metric' },
                { name: 'number', title: 'Number' },
                number('value', 'Value'),
                number('error', '±'),
                { name: 'unit', title: 'Unit' },
                { name: 'error_of', title: 'Error of' },
                { name: 'control', title: 'Control' },
                number('control_value', 'Its value'),
              ],
              rows,
            },
          ]
        : []),
      ...(beside.length > 0
        ? [
            {
              name: 'theirs_beside_ours',
              title: 'Theirs beside ours',
              about: 'Where the origin computes something else under the same name.',
              columns: [
                { name: 'metric', title: 'Metric' },
                { name: 'number', title: 'Number' },
                number('ours', 'Ours'),
                number('theirs', 'Theirs'),
                { name: 'why', title: 'Why ours differs' },
              ],
              rows: beside,
            },
          ]
        : []),
    ],
  };
}
