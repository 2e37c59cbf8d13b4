/** What a landscape's losses say. */
import type { ArrayLayout } from '../../../../results/arrays.ts';
import { barrier } from '../../../../stats/landscape/line.ts';
import { roughness } from '../../../../stats/landscape/surface.ts';
import { jackknife } from '../../../../stats/resampling/jackknife.ts';
import type { Headline, MetricOutcome, MetricSetting } from '../metric.ts';
import { axisOf, type LandscapePoint } from './landscape-points.ts';
import { arraysOf, layout } from './layouts.ts';
import type { LossRows } from './loss-rows.ts';
import { ofPath, type Plane } from './plane.ts';

export interface LandscapeFacts {
  readonly plane: Plane;
  readonly points: readonly LandscapePoint[];
  /** [point][item], sums of an item's losses. */
  readonly sums: Float64Array;
  /** ∇L·d, dᵀHd and ‖d‖ of both directions. */
  readonly slopes: readonly number[];
  readonly curvatures: readonly number[];
  readonly lengths: readonly number[];
  /** dᵀHd along the origin's first direction, from the same random numbers. */
  readonly theirs?: number;
}

export function landscapeLayouts(id: string, setting: MetricSetting): ArrayLayout[] {
  const n = setting.sizes.landscapeGrid;
  const [alpha, beta] = [['alpha', n] as const, ['beta', n] as const];
  const checkpoint = ['checkpoint', setting.path.length] as const;
  const line = ['line', n] as const;
  return [
    layout(id, 'axis', [alpha]),
    layout(id, 'loss', [alpha, beta], 'nats'),
    layout(id, 'rise_error', [alpha, beta], 'nats'),
    layout(id, 'item_loss', [alpha, beta, ['item', setting.items.length]], 'nats'),
    ...['line_at', 'line_loss', 'line_rise_error'].map((name) => layout(id, name, [line])),
    ...(ofPath(setting)
      ? [
          ...['path_alpha', 'path_beta'].map((name) => layout(id, name, [checkpoint])),
          ...['path_loss', 'path_rise_error'].map((name) => layout(id, name, [checkpoint], 'nats')),
        ]
      : []),
  ];
}

export function landscapeOutcome(
  layouts: readonly ArrayLayout[],
  setting: MetricSetting,
  rows: LossRows,
  facts: LandscapeFacts,
): MetricOutcome {
  const { plane, points, sums } = facts;
  const axis = axisOf(setting);
  const n = axis.length;
  const grid = n * n;
  const at = (point: number) => sums.subarray(point * rows.count, (point + 1) * rows.count);
  const centre = at((grid - 1) / 2);
  const left = rows.without(centre);
  const loss = points.map((_, point) => rows.mean(at(point)));
  // The same items at all points: what they share cancels in a difference.
  const riseError = (point: number) =>
    rows.count > 1 ? jackknife(rows.without(at(point)).map((value, item) => value - left[item])).error : Number.NaN;
  const index = (kind: LandscapePoint['kind']) => points.flatMap((point, i) => (point.kind === kind ? [i] : []));
  const [path, ownLine] = [index('checkpoint'), index('line')];
  // Where there is no path the line runs along the first axis.
  const line = ownLine.length > 0 ? ownLine : Array.from(axis, (_, k) => k * n + (n - 1) / 2);
  const measured = { loss, axis, line, rows, at, centre };
  return {
    arrays: arraysOf(layouts, {
      axis,
      loss: loss.slice(0, grid),
      rise_error: Float64Array.from({ length: grid }, (_, point) => riseError(point)),
      item_loss: Array.from({ length: grid }, (_, point) => [...rows.itemMeans(at(point))]).flat(),
      line_at: ownLine.length > 0 ? line.map((_, k) => k / (n - 1)) : axis,
      line_loss: line.map((point) => loss[point]),
      line_rise_error: line.map(riseError),
      path_alpha: path.map((_, k) => plane.coordinates![2 * k]),
      path_beta: path.map((_, k) => plane.coordinates![2 * k + 1]),
      path_loss: path.map((point) => loss[point]),
      path_rise_error: path.map(riseError),
    }),
    headlines: [...shapeLines(setting, facts, measured), ...wholeLines(plane, measured)],
    beside:
      facts.theirs === undefined
        ? []
        : [
            {
              name: 'curvature along the first random direction',
              ours: facts.curvatures[0],
              theirs: facts.theirs,
              why: 'Theirs takes rows for filters whatever the layout, wrong for [in, out] weights, and rescales biases and norms instead of leaving them: another direction under the same name.',
            },
          ],
    notes: [
      'All losses are token means over the same items; errors are of differences to the centre, jackknife over items.',
      `First direction: ${plane.names[0]}, ‖d₁‖ = ${facts.lengths[0].toPrecision(4)}. Second: ${plane.names[1]}, ‖d₂‖ = ${facts.lengths[1].toPrecision(4)}.`,
      ...(path.length > 0
        ? [
            'The path is a projection: the surface below a point is not its loss. Each checkpoint carries its own, true loss.',
          ]
        : []),
    ],
    attributes: {
      directions: plane.names.join('\n'),
      plane: setting.plane,
      ...(path.length > 0 ? { checkpoints: setting.path.map(({ name }) => name).join('\n') } : {}),
    },
  };
}

interface Measured {
  readonly loss: readonly number[];
  readonly axis: Float64Array;
  readonly line: readonly number[];
  readonly rows: LossRows;
  readonly at: (point: number) => Float64Array;
  readonly centre: Float64Array;
}

/** Slope and curvature along both axes: exact, and from points a small step away. */
function shapeLines(setting: MetricSetting, facts: LandscapeFacts, { loss, rows, centre }: Measured): Headline[] {
  const first = setting.sizes.landscapeGrid ** 2;
  const middle = rows.mean(centre);
  const step = Math.abs((facts.points[first] as { readonly alpha: number }).alpha);
  const lines: Headline[] = [{ key: 'centre', name: 'L at the centre', value: middle, unit: 'nats' }];
  for (const [k, name] of ['first', 'second'].entries()) {
    const [down, up] = [loss[first + 2 * k], loss[first + 2 * k + 1]];
    lines.push(
      {
        key: `slope${k + 1}`,
        name: `slope ∇L·d along the ${name} direction`,
        value: facts.slopes[k],
        control: { name: `difference of losses at ±${step}`, value: (up - down) / (2 * step) },
      },
      {
        key: `curvature${k + 1}`,
        name: `curvature dᵀHd along the ${name} direction`,
        value: facts.curvatures[k],
        control: { name: `difference of losses at ±${step}`, value: (up - 2 * middle + down) / step ** 2 },
      },
    );
    const eigen = facts.plane.eigenvalues?.[k];
    if (eigen)
      lines.push({
        key: `eigenvalue${k + 1}`,
        name: `eigenvalue of the ${name} direction, its curvature`,
        value: eigen[0],
        error: { value: eigen[1], of: 'residual bound β|s| of Lanczos' },
      });
  }
  return lines;
}

function wholeLines(plane: Plane, { loss, axis, line, rows, at }: Measured): Headline[] {
  const along = (losses: readonly number[]) => barrier(losses).height;
  const height = along(line.map((point) => loss[point]));
  const without = line.map((point) => rows.without(at(point)));
  const spread =
    rows.count > 1
      ? jackknife(rows.terms.map((_, item) => along(without.map((values) => values[item])))).error
      : Number.NaN;
  const surface = loss.slice(0, axis.length ** 2);
  const { residual, concave } = roughness(surface, axis);
  const known = (value: number, line: Omit<Headline, 'value'>): Headline[] =>
    Number.isFinite(value) ? [{ ...line, value }] : [];
  return [
    ...known(height, {
      key: 'barrier',
      name: plane.coordinates ? 'barrier between the first checkpoint and the model' : 'barrier along the first axis',
      unit: 'nats',
      error: Number.isFinite(spread) ? { value: spread, of: `jackknife over ${rows.count} items` } : undefined,
      control: { name: 'a convex loss', value: 0 },
    }),
    ...known(
      surface.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
      {
        key: 'lowest',
        name: 'lowest L on the grid',
        unit: 'nats',
      },
    ),
    ...known(residual, {
      key: 'roughness',
      name: 'share of the spread of L that no quadratic surface explains',
      control: { name: 'a bowl or a saddle', value: 0 },
    }),
    ...known(concave, {
      key: 'concave',
      name: 'share of second differences that are negative',
      control: { name: 'a convex loss', value: 0 },
    }),
    ...(plane.shares
      ? [
          {
            key: 'planeShare',
            name: 'share of the path’s variance in the plane',
            value: plane.shares[0] + plane.shares[1],
          },
        ]
      : []),
  ];
}
