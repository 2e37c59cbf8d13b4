/** What must hold of gradients, curvature, landscapes and representations whatever the network: over the f64 machine, tiny networks. */
import { describe, expect, test } from 'vitest';
import type { Graph } from '../../src/nn/graph/graph.ts';
import { dot, type Machine } from '../../src/nn/graph/machine.ts';
import { mlpGraph } from '../../src/nn/graph/mlp-graph.ts';
import { twinMachines } from '../../src/nn/graph/twin/machine.ts';
import { filterNormalised } from '../../src/workloads/analysis/metrics/common/directions.ts';
import { layersOf } from '../../src/workloads/analysis/metrics/common/layers.ts';
import { LossRows } from '../../src/workloads/analysis/metrics/common/loss-rows.ts';
import { type Curvature, type Pass, product } from '../../src/workloads/analysis/metrics/common/products.ts';
import { Tally } from '../../src/workloads/analysis/metrics/common/tally.ts';
import { conflict } from '../../src/workloads/analysis/metrics/conflict.ts';
import { fisher } from '../../src/workloads/analysis/metrics/fisher.ts';
import { fisherEigenvalues } from '../../src/workloads/analysis/metrics/fisher-eigenvalues.ts';
import { ggn } from '../../src/workloads/analysis/metrics/ggn.ts';
import { gradients } from '../../src/workloads/analysis/metrics/gradients.ts';
import { hessian } from '../../src/workloads/analysis/metrics/hessian.ts';
import { hessianBlocks } from '../../src/workloads/analysis/metrics/hessian-blocks.ts';
import { landscape } from '../../src/workloads/analysis/metrics/landscape.ts';
import type { AnalysedItem, MetricSetting } from '../../src/workloads/analysis/metrics/metric.ts';
import { representations } from '../../src/workloads/analysis/metrics/representations.ts';
import { sharpness } from '../../src/workloads/analysis/metrics/sharpness.ts';
import { trajectory } from '../../src/workloads/analysis/metrics/trajectory.ts';
import { finish, headline, runMetric, SIZES, settingOf, valuesOf } from './run-metric.ts';
import { draw, smallTheta } from './small-graphs.ts';
import { smallSetting } from './small-settings.ts';

/** So small that its Hessian can be written out. */
function tinySetting(changes: Partial<MetricSetting> = {}): MetricSetting {
  const graph = mlpGraph({ inputs: 3, outputs: 2, width: 4, depth: 2, activation: 'silu' });
  const items = Array.from({ length: 6 }, (_, r): AnalysedItem => {
    const of = (stream: number, n: number) => Array.from({ length: n }, (_, i) => draw(stream, r * n + i));
    return { name: `${r}`, numbers: of(2, 3), targets: of(3, 2), group: r < 3 ? 'a' : 'b' };
  });
  return settingOf(graph, smallTheta(graph), items, { rows: 6, ...changes });
}

async function passOf(
  setting: MetricSetting,
  vectors: readonly string[],
): Promise<Pass & { readonly machine: Machine }> {
  const options = { ...hessian.machine(setting), vectors, rows: setting.items.length };
  const machine = await twinMachines.open(options, setting.theta);
  return { machine, rows: new LossRows(setting.graph, setting.items), chunk: setting.items.length, tally: new Tally() };
}

/** Column after column. */
async function dense(setting: MetricSetting, kind: Curvature): Promise<Float64Array[]> {
  const pass = await passOf(setting, ['e', 'column']);
  const { size } = setting.graph;
  const columns: Float64Array[] = [];
  for (let i = 0; i < size; i++) {
    await pass.machine.write(
      'e',
      Float64Array.from({ length: size }, (_, p) => Number(p === i)),
    );
    await finish(product(pass, kind, 'e', 'column'));
    columns.push(Float64Array.from(await pass.machine.readVector('column')));
  }
  return columns;
}

const traceOf = (columns: readonly Float64Array[]) => columns.reduce((sum, column, i) => sum + column[i], 0);
const random = ({ size }: Graph, stream: number) => Float64Array.from({ length: size }, (_, i) => draw(stream, i));
const whole = { ...SIZES, lanczosSteps: 512, blockSteps: 512, eigenvalues: 64, traceProbes: 2, landscapeGrid: 5 };

describe('curvature', () => {
  test.each(['gpt2', 'llama', 'perceptron'])(
    '%s: products are symmetric, and the Gauss-Newton matrix is positive',
    async (name) => {
      const setting = smallSetting(name);
      const pass = await passOf(setting, ['u', 'v', 'of u', 'of v']);
      const { machine } = pass;
      await machine.write('u', random(setting.graph, 21));
      await machine.write('v', random(setting.graph, 22));
      for (const kind of ['hessian', 'gauss-newton'] as const) {
        await finish(product(pass, kind, 'u', 'of u'));
        await finish(product(pass, kind, 'v', 'of v'));
        const [one, other] = [await dot(machine, 'u', 'of v'), await dot(machine, 'v', 'of u')];
        expect(Math.abs(one - other)).toBeLessThan(1e-11 * Math.max(1, Math.abs(one)));
        if (kind === 'gauss-newton') expect(await dot(machine, 'v', 'of v')).toBeGreaterThan(0);
      }
    },
  );

  test('as many steps as dimensions give the eigenvalues of the matrix written out: their sum is its trace', async () => {
    const setting = tinySetting({ sizes: whole });
    const columns = await dense(setting, 'hessian');
    const found = await runMetric(hessian, setting);
    const ritz = valuesOf(found, 'ritz');
    const own = ritz.filter((value) => !Number.isNaN(value));
    const [trace, squares] = [
      traceOf(columns),
      columns.flatMap((column) => [...column]).reduce((sum, h) => sum + h * h, 0),
    ];
    expect(own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(trace, 9);
    expect(own.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(squares, 8);
    expect(headline(found, 'smallest')).toBeLessThan(0);
    // Weights of Gauss' quadrature: their moments are those of the start vector.
    const weights = valuesOf(found, 'ritz_weight');
    const moment = own.reduce((sum, value, j) => sum + weights[j] * value, 0);
    expect(moment * setting.graph.size).toBeCloseTo(valuesOf(found, 'trace_sample')[0], 9);
    const density = valuesOf(found, 'density');
    const at = valuesOf(found, 'density_at');
    expect(density.reduce((sum, value) => sum + value * (at[1] - at[0]), 0)).toBeCloseTo(1, 2);
  });

  test('the Gauss-Newton matrix of a squared error is its true Fisher information, diagonal by diagonal', async () => {
    const setting = tinySetting({ sizes: whole });
    const columns = await dense(setting, 'gauss-newton');
    const information = valuesOf(await runMetric(fisher, setting), 'diagonal_true');
    for (const [i, column] of columns.entries()) expect(information[i]).toBeCloseTo(column[i], 12);
    const top = valuesOf(await runMetric(ggn, setting), 'top').filter((value) => !Number.isNaN(value));
    expect(top.reduce((sum, value) => sum + value, 0)).toBeCloseTo(traceOf(columns), 9);
  });

  test('another next token changes the Hessian and the empirical Fisher information, not Gauss-Newton or the true one', async () => {
    // The last token of a text is nobody's input: only a label.
    const setting = smallSetting('gpt2', { sizes: { ...SIZES, fisherDraws: 64 } });
    const [{ ids, ...rest }] = setting.items;
    const one = { ...setting, items: [{ ...rest, ids }] };
    const other = { ...setting, items: [{ ...rest, ids: [...ids!.slice(0, -1), (ids!.at(-1)! + 1) % 12] }] };
    const along = async (own: MetricSetting, kind: Curvature) => {
      const pass = await passOf(own, ['v', 'image']);
      await pass.machine.write('v', random(own.graph, 23));
      await finish(product(pass, kind, 'v', 'image'));
      return dot(pass.machine, 'v', 'image');
    };
    expect(await along(one, 'gauss-newton')).toBe(await along(other, 'gauss-newton'));
    expect(Math.abs((await along(one, 'hessian')) - (await along(other, 'hessian')))).toBeGreaterThan(1e-3);
    const [a, b] = [await runMetric(fisher, one), await runMetric(fisher, other)];
    expect(headline(a, 'trace_true')).toBe(headline(b, 'trace_true'));
    expect(Math.abs(headline(a, 'trace_token') - headline(b, 'trace_token'))).toBeGreaterThan(1e-3);
  });

  test('eigenvalues of blocks lie between those of the whole, and within their own matrix', async () => {
    const setting = tinySetting({ sizes: whole });
    const columns = await dense(setting, 'hessian');
    const blocks = await runMetric(hessianBlocks, setting);
    const all = await runMetric(hessian, setting);
    expect(headline(blocks, 'sharpest')).toBeLessThanOrEqual(headline(all, 'largest') + 1e-12);
    expect(headline(blocks, 'deepest')).toBeGreaterThanOrEqual(headline(all, 'smallest') - 1e-12);
    // A bias of two outputs is a block of 2 × 2, whose eigenvalues are known.
    const { at } = setting.graph.parameters.at(-1)!;
    const [p, q, r] = [columns[at][at], columns[at][at + 1], columns[at + 1][at + 1]];
    expect(valuesOf(blocks, 'top').at(-1)).toBeCloseTo((p + r) / 2 + Math.hypot((p - r) / 2, q), 12);
  });

  test('sharpness is what the second order says, up to the third', async () => {
    const rise = async (rho: number) => {
      const found = await runMetric(sharpness, smallSetting('llama', { rho }));
      return Math.abs(headline(found, 'sharpness') - headline(found, 'secondOrder'));
    };
    const [wide, narrow] = [await rise(0.02), await rise(0.01)];
    expect(wide / narrow).toBeGreaterThan(6);
    expect(wide / narrow).toBeLessThan(10);
  });
});

describe('gradients', () => {
  test('equal items have no noise, and opposite labels conflict', async () => {
    const setting = tinySetting();
    const [first] = setting.items;
    const equal = await runMetric(gradients, { ...setting, items: [first, first, first] });
    expect(Math.abs(headline(equal, 'traceCovariance'))).toBeLessThan(1e-12 * headline(equal, 'signal'));
    const machine = await twinMachines.open(hessian.machine(setting), setting.theta);
    await machine.forward({ numbers: [first.numbers!], targets: [first.targets!] });
    const y = (await machine.read('value', setting.graph.output))[0];
    const mirrored = { ...first, targets: first.targets!.map((target, o) => 2 * y[o] - target) };
    const against = await runMetric(conflict, { ...setting, items: [first, mirrored] });
    expect(valuesOf(against, 'cosine')[1]).toBeCloseTo(-1, 12);
    expect(headline(against, 'conflictShare')).toBe(1);
  });

  test('layers of a decoder and of a perceptron, from what reads a tensor', () => {
    const { graph } = smallSetting('gpt2');
    const { names, of } = layersOf(graph);
    const named = Object.fromEntries(
      graph.parameters.map(({ name }, k) => [name.replace('transformer.', ''), names[of[k]]]),
    );
    expect(named['wte.weight']).toBe('embedding');
    expect(named['h.0.ln_1.weight']).toBe('block 0');
    expect(named['ln_f.bias']).toBe('head');
    expect(layersOf(tinySetting().graph).names).toEqual(['layer 0', 'layer 1', 'output']);
  });

  test('a path that stands still has cosine 1, and equal halves', async () => {
    const setting = smallSetting('gpt2');
    const still = [0, 1].map((k) => ({ name: `${k}`, theta: setting.theta }));
    const found = await runMetric(trajectory, { ...setting, path: still });
    expect(headline(found, 'successive')).toBeCloseTo(1, 12);
    expect(headline(found, 'lossFall')).toBe(0);
  });

  test('non-zero eigenvalues of the empirical Fisher information sum to its trace', async () => {
    const setting = smallSetting('gpt2', { sizes: { ...SIZES, eigenvalues: 64, lanczosSteps: 20 } });
    const found = await runMetric(fisherEigenvalues, setting);
    const traces = await runMetric(fisher, { ...setting, sizes: SIZES });
    const sum = (name: string) =>
      valuesOf(found, name).reduce((all, value) => all + (Number.isNaN(value) ? 0 : value), 0);
    expect(sum('top_token') / headline(traces, 'trace_token')).toBeCloseTo(1, 10);
    expect(sum('top_item') / headline(traces, 'trace_item')).toBeCloseTo(1, 10);
  });
});

describe('landscape', () => {
  const sizes = { ...SIZES, landscapeGrid: 5, lanczosSteps: 12 };

  test.each(['gpt2', 'perceptron'])(
    '%s: the centre is L to the bit; slope and curvature are the differences of losses',
    async (name) => {
      const setting = smallSetting(name, { sizes });
      const found = await runMetric(landscape, setting);
      expect(headline(found, 'centre')).toBe(headline(await runMetric(gradients, setting), 'loss'));
      expect(valuesOf(found, 'loss')[12]).toBe(headline(found, 'centre'));
      for (const key of ['slope1', 'slope2', 'curvature1', 'curvature2']) {
        const { value, control } = found.headlines.find((line) => line.key === key)!;
        expect(control!.value / value, key).toBeCloseTo(1, 3);
      }
    },
  );

  test('along eigenvectors the curvature is the eigenvalue', async () => {
    const found = await runMetric(
      landscape,
      tinySetting({ sizes: { ...whole, landscapeGrid: 3 }, plane: 'eigenvectors' }),
    );
    for (const k of [1, 2]) expect(headline(found, `curvature${k}`)).toBeCloseTo(headline(found, `eigenvalue${k}`), 9);
  });

  test('checkpoints lie where the plane says, with their own loss', async () => {
    const setting = smallSetting('gpt2', { sizes, plane: 'checkpoints' });
    const found = await runMetric(landscape, setting);
    const [alpha, beta, loss] = ['path_alpha', 'path_beta', 'path_loss'].map((name) => valuesOf(found, name));
    expect([alpha.at(-1), beta.at(-1)]).toEqual([0, 0]);
    expect(loss.at(-1)).toBe(headline(found, 'centre'));
    // Directions reach as far as the path does: to the first checkpoint, and to where it is bent most.
    expect(alpha[0]).toBeCloseTo(1, 9);
    expect(beta[0]).toBeCloseTo(0, 9);
    expect(Math.abs(beta[1])).toBeCloseTo(1, 9);
    expect(headline(found, 'planeShare')).toBeGreaterThan(0.9);
    expect(headline(found, 'planeShare')).toBeLessThan(1);
    expect(valuesOf(found, 'line_loss')[0]).toBeCloseTo(loss[0], 9);
    expect(valuesOf(found, 'line_loss').at(-1)).toBe(loss.at(-1));
  });

  test('principal components of a path hold nearly all of it, and its end is the centre', async () => {
    const found = await runMetric(landscape, smallSetting('perceptron', { sizes, plane: 'path' }));
    const [alpha, beta, loss] = ['path_alpha', 'path_beta', 'path_loss'].map((name) => valuesOf(found, name));
    expect(Math.hypot(alpha.at(-1)!, beta.at(-1)!)).toBeLessThan(1e-9);
    expect(Math.max(...alpha.map(Math.abs))).toBeCloseTo(1, 9);
    expect(loss.at(-1)).toBe(headline(found, 'centre'));
    expect(headline(found, 'planeShare')).toBeGreaterThan(0.95);
    expect(headline(found, 'planeShare')).toBeLessThanOrEqual(1 + 1e-12);
    expect(headline(found, 'barrier')).toBeGreaterThanOrEqual(0);
  });

  test('filters are columns of [in, out], rows of the others; tensors of one dimension stay', () => {
    const { graph, theta } = smallSetting('gpt2');
    const direction = filterNormalised(graph, theta, random(graph, 31));
    const length = (of: ArrayLike<number>, at: number, count: number, step: number) =>
      Math.sqrt(
        Array.from({ length: count }, (_, i) => of[at + i * step] ** 2).reduce((sum, square) => sum + square, 0),
      );
    for (const { at, shape, filter } of graph.parameters) {
      if (filter === 'none') expect(length(direction, at, shape[0], 1)).toBe(0);
      else {
        const [count, step] = filter === 'row' ? [shape[1], 1] : [shape[0], shape[1]];
        const next = at + (filter === 'row' ? shape[1] : 1);
        for (const from of [at, next])
          expect(length(direction, from, count, step)).toBeCloseTo(length(theta, from, count, step), 12);
      }
    }
  });
});

describe('representations', () => {
  test('a set is itself, order of items is nothing, and a model is like itself', async () => {
    const setting = smallSetting('gpt2');
    const still = [{ name: 'same', theta: setting.theta }, setting.path.at(-1)!];
    const found = await runMetric(representations, { ...setting, path: still });
    const r = setting.graph.residuals.length + 1;
    const cka = valuesOf(found, 'cka');
    for (let x = 0; x < r; x++) expect(cka[x * r + x]).toBeCloseTo(1, 12);
    const models = valuesOf(found, 'cka_models');
    for (let at = 0; at < r * r; at++) expect(models[at]).toBeCloseTo(cka[at], 10);
    const turned = await runMetric(representations, { ...setting, path: [], items: [...setting.items].reverse() });
    valuesOf(turned, 'cka').forEach((value, at) => {
      expect(value).toBeCloseTo(cka[at], 10);
    });
    const bounds = valuesOf(found, 'rank_bound');
    for (const name of ['participation_ratio', 'rank_of_singular_values', 'rank_of_variances', 'stable_rank'])
      valuesOf(found, name).forEach((value, set) => {
        expect(value, name).toBeLessThanOrEqual(bounds[set] + 1e-9);
        expect(value, name).toBeGreaterThanOrEqual(1 - 1e-9);
      });
  });

  test('a layer that adds nothing has CKA 1 with the one before it', async () => {
    const setting = tinySetting({ path: [] });
    const { graph } = setting;
    const theta = setting.theta.slice();
    const second = graph.parameters.find(({ name }) => name === 'layers.1.weight')!;
    theta.fill(0, second.at, second.at + 20);
    const found = await runMetric(representations, { ...setting, theta });
    // silu(0) = 0, so what the second layer adds to the first is nothing.
    for (const value of valuesOf(found, 'cka')) expect(value).toBeCloseTo(1, 12);
  });
});

test('objections are sentences', () => {
  const setting = smallSetting('gpt2');
  const short = { ...setting, items: [{ name: 'one', ids: [3] }] };
  expect(gradients.objection(short)).toBe(
    'one has no next token to predict: a loss takes texts of two tokens or more.',
  );
  expect(trajectory.objection({ ...setting, path: [] })).toContain('two checkpoints');
  expect(landscape.objection({ ...setting, plane: 'path', path: [] })).toContain('three checkpoints');
  const even = { ...setting, sizes: { ...SIZES, landscapeGrid: 4 } };
  expect(landscape.objection(even)).toContain('an odd number of points');
  expect(representations.objection(short)).toContain('four rows');
});
