/** What is said of ablations. */
import type { ArrayLayout } from '../../../../results/arrays.ts';
import { bootstrapColumns } from '../../../../stats/resampling/bootstrap-columns.ts';
import type { Headline, MetricOutcome, MetricSetting } from '../metric.ts';
import { lengthOf } from './items.ts';
import { arraysOf, bootstrapOptions, largestAt, ratioHeadline } from './outcome.ts';

/** Sums over an item's predictions. */
export interface AblationSums {
  /** [item] */
  readonly clean: Float64Array;
  /** [item][zero, mean][layer][head …, MLP] */
  readonly change: Float64Array;
  readonly divergence: Float64Array;
}

export function ablationOutcome(
  setting: MetricSetting,
  layouts: readonly ArrayLayout[],
  { clean, change, divergence }: AblationSums,
): MetricOutcome {
  const { graph, items } = setting;
  const predicted = items.map((item) => lengthOf(item) - 1);
  const columns = change.length / items.length;
  const folded = (sums: Float64Array) => bootstrapColumns(items.length, sums, predicted, bootstrapOptions(setting));
  const perItem = (sums: Float64Array) => sums.map((sum, at) => sum / predicted[Math.floor(at / columns)]);
  const [changes, divergences] = [folded(change), folded(divergence)];
  const parts = graph.heads + 1;
  /** Columns of zero ablation that are heads, or MLPs. */
  const own = (mlp: boolean) =>
    Array.from({ length: graph.layers * parts }, (_, at) => at).filter((at) => (at % parts === graph.heads) === mlp);
  const nameOf = (at: number) => {
    const [layer, part] = [Math.floor(at / parts), at % parts];
    return part === graph.heads ? `MLP ${layer}` : `head ${layer}.${part}`;
  };
  const strongest = (mlp: boolean) => {
    const among = own(mlp);
    return among[largestAt(among.map((at) => changes.estimate[at]))];
  };
  const column = (of: Float64Array, at: number) => items.map((_, i) => of[i * columns + at]);
  const headline = (key: string, mlp: boolean): Headline => {
    const at = strongest(mlp);
    return ratioHeadline(
      setting,
      {
        key,
        name: `ΔL without ${nameOf(at)}, the most needed ${mlp ? 'MLP' : 'head'}`,
        unit: 'nats',
        control: { name: 'the same set to its mean', value: changes.estimate[graph.layers * parts + at] },
      },
      column(change, at),
      predicted,
    );
  };
  const head = strongest(false);
  const effect = changes.estimate[head];
  return {
    arrays: arraysOf(layouts, {
      length: items.map(lengthOf),
      clean_loss: clean.map((sum, i) => sum / predicted[i]),
      item_loss_change: perItem(change),
      item_divergence: perItem(divergence),
      loss_change: changes.estimate,
      loss_change_error: changes.error,
      divergence: divergences.estimate,
      divergence_error: divergences.error,
    }),
    headlines: [
      headline('head', false),
      headline('mlp', true),
      ratioHeadline(
        setting,
        { key: 'headDivergence', name: `KL(model ‖ without ${nameOf(head)})`, unit: 'nats' },
        column(divergence, head),
        predicted,
      ),
    ],
    beside: setting.origin
      ? [
          {
            name: `need of ${nameOf(head)}, the most needed head`,
            ours: effect,
            theirs: 1 / (1 + Math.abs(effect)),
            why: 'Theirs is 1/(1 + |effect|): the larger the effect, the smaller the score. What it sets to 0 is a random tenth of rows of the output layer, not a head.',
          },
        ]
      : [],
    notes: [],
  };
}
