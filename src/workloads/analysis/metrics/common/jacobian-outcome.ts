/** What is said of Jacobians. */
import type { ArrayLayout } from '../../../../results/arrays.ts';
import type { MetricOutcome, MetricSetting } from '../metric.ts';
import { lengthOf, longest, takesIds, targetOf } from './items.ts';
import { type Probes, probesOf, type StageSums } from './jacobian-rows.ts';
import { arraysOf, meanHeadline, meanOf, noValues } from './outcome.ts';

interface JacobianSums {
  readonly stages: readonly [string, string];
  readonly sums: readonly StageSums[];
  readonly singular: Float64Array;
  readonly bounds: Float64Array;
  readonly untaught: Float64Array;
  readonly theirs: Float64Array;
  readonly shown: { readonly items: number; readonly side: number };
}

/** ‖·‖_F and its error from sums of squares over vectors and of their squares. */
function normOf(square: number, fourth: number, { count, exact }: Probes): [number, number] {
  if (exact) return [Math.sqrt(square), 0];
  const mean = square / count;
  const variance = count > 1 ? Math.max(0, fourth / count - mean ** 2) / (count - 1) : Number.NaN;
  const norm = Math.sqrt(mean);
  return [norm, norm === 0 ? 0 : Math.sqrt(variance) / (2 * norm)];
}

export function jacobianOutcome(
  setting: MetricSetting,
  layouts: readonly ArrayLayout[],
  { stages, sums, singular, bounds, untaught, theirs, shown }: JacobianSums,
): MetricOutcome {
  const { graph, items, sizes } = setting;
  const tokens = longest(setting);
  const lengths = items.map(lengthOf);
  const positions = items.map((item) => targetOf(setting, item).position);
  const probes = stages.map((value) => probesOf(graph.widths[value], sizes.jacobianProbes));
  const cells = shown.side ** 2;
  const [map, mapError] = [noValues(shown.items * 2 * cells), noValues(shown.items * 2 * cells)];
  const [rows, rowsError] = [noValues(items.length * 2 * tokens), noValues(items.length * 2 * tokens)];
  for (const [stage, { squares, fourths, totals, totalsSquared }] of sums.entries()) {
    for (let at = 0; at < shown.items * cells; at++) {
      const [item, t, s] = [Math.floor(at / cells), Math.floor((at % cells) / shown.side), at % shown.side];
      if (t >= lengths[item] || s >= lengths[item]) continue;
      const into = (item * 2 + stage) * cells + (at % cells);
      [map[into], mapError[into]] = normOf(squares[at], fourths[at], probes[stage]);
    }
    for (const [i, length] of lengths.entries())
      for (let t = 0; t < length; t++) {
        const into = (i * 2 + stage) * tokens + t;
        [rows[into], rowsError[into]] = normOf(totals[i * tokens + t], totalsSquared[i * tokens + t], probes[stage]);
      }
  }
  const control = untaught.map((square) => normOf(square, 0, probes[1])[0]);
  const atTarget = (of: Float64Array, stage: number) => positions.map((p, i) => of[(i * 2 + stage) * tokens + p]);
  const names = takesIds(graph)
    ? ['before the last norm', 'after the last norm']
    : ['of the last hidden layer', 'of the output'];
  const whole = (stage: number) =>
    lengths.map((length, i) => {
      let square = 0;
      for (let t = 0; t < length; t++) square += rows[(i * 2 + stage) * tokens + t] ** 2;
      return Math.sqrt(square);
    });
  const own = positions.map((p, i) => sums[1].own[i] / sums[1].totals[i * tokens + p]);
  const uncertain = atTarget(rowsError, 1).map((error, i) => error / atTarget(rows, 1)[i]);

  return {
    arrays: arraysOf(layouts, {
      length: lengths,
      target_position: positions,
      frobenius: map,
      frobenius_error: mapError,
      by_position: rows,
      by_position_error: rowsError,
      singular,
      singular_bound: bounds,
      untaught: control,
      theirs,
    }),
    headlines: [
      ...[0, 1].map((stage) =>
        meanHeadline(
          setting,
          { key: stage === 0 ? 'frobeniusBefore' : 'frobeniusAfter', name: `‖J‖_F ${names[stage]}, mean over items` },
          whole(stage),
        ),
      ),
      meanHeadline(
        setting,
        {
          key: 'atTarget',
          name: `‖J_p‖_F ${names[1]} at the explained position, mean over items`,
          control: { name: 'the same of re-drawn weights', value: meanOf(control) },
        },
        atTarget(rows, 1),
      ),
      meanHeadline(
        setting,
        {
          key: 'singular',
          name: `largest singular value of J_p ${names[1]}, mean over items`,
          control: {
            name: '‖J_p‖_F/√rank: all of them alike',
            value: meanOf(atTarget(rows, 1).map((norm) => norm / Math.sqrt(graph.widths[stages[1]]))),
          },
        },
        items.map((_, i) => singular[(i * 2 + 1) * sizes.eigenvalues]),
      ),
      ...(takesIds(graph)
        ? [
            meanHeadline(
              setting,
              {
                key: 'own',
                name: 'share of ‖J_p‖² on the position’s own token, mean over texts',
                control: { name: 'spread over all tokens alike', value: meanOf(positions.map((p) => 1 / (p + 1))) },
              },
              own,
            ),
          ]
        : []),
      ...(probes[1].exact
        ? []
        : [
            {
              key: 'probeError',
              name: `error of ‖J_p‖_F over itself from ${probes[1].count} probes, mean over items`,
              value: meanOf(uncertain),
            },
          ]),
    ],
    beside: setting.origin ? [besideOf(setting, theirs, rows, shown.side, positions[0])] : [],
    notes: probes[1].exact
      ? []
      : [
          `Cells are estimates from ${probes[1].count} probes a position: each has its error beside it; those far below their error are not resolved.`,
        ],
  };
}

function besideOf(setting: MetricSetting, theirs: Float64Array, rows: Float64Array, side: number, p: number) {
  const position = Math.min(p, side - 1);
  const at = (side + position) * side;
  const square = theirs.subarray(at, at + side).reduce((sum, norm) => sum + norm ** 2, 0);
  return {
    name: `‖J_t‖_F of the first item at position ${position}`,
    ours: rows[longest(setting) + position],
    theirs: Math.sqrt(square),
    why: 'Theirs is one product with the vector of ones over √width: the norm of the gradient of the mean unit, which is 0 for any J whose columns sum to 0, as behind a LayerNorm with equal weights.',
  };
}
