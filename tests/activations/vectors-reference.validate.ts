/**
 * Scores and probes against a reference in f64 (NumPy, Newton to 1e-13). It lies outside of the project: LOCKSTEP_SHARED names the folder that
 * holds data/activations; without it there is nothing to compare with.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aucDeLong } from '../../src/stats/classification/auc.ts';
import { cosine, meanDifference } from '../../src/stats/classification/directions.ts';
import { fastIca } from '../../src/stats/classification/ica.ts';
import { logisticByProducts, logisticByRows } from '../../src/stats/classification/logistic.ts';
import { combineRows, gramMatrix, norm, projections } from '../../src/stats/classification/products.ts';
import { accuracyAt, cohensD, midpoint } from '../../src/stats/classification/separation.ts';
import { fitDirection, LayerRows } from '../../src/workloads/activations/vectors/fit.ts';
import { massiveDimensions } from '../../src/workloads/activations/vectors/massive.ts';
import { dynamicsOf } from '../../src/workloads/activations/vectors/monitoring.ts';
import { readDoubles } from './doubles.ts';

const SHARED = process.env.LOCKSTEP_SHARED;

describe.skipIf(!SHARED)('probe and scores', () => {
  const folder = `${SHARED}/data/activations/probe`;
  const expected = SHARED ? JSON.parse(readFileSync(`${folder}/probe.json`, 'utf8')) : {};
  const array = SHARED ? readDoubles(`${folder}/probe.safetensors`) : () => new Float64Array();
  const [n, d] = [expected.n as number, expected.d as number];
  const [x, y, question, shuffled] = ['x', 'y', 'question', 'shuffled_y'].map(array);
  const rowsOf = (kept: (question: number) => boolean) =>
    Array.from({ length: n ?? 0 }, (_, i) => i).filter((i) => kept(question[i]));
  const train = rowsOf((q) => q % 4 !== 0);
  const held = rowsOf((q) => q % 4 === 0);
  const take = (rows: readonly number[], of = x) =>
    Float64Array.from({ length: rows.length * d }, (_, at) => of[rows[Math.floor(at / d)] * d + (at % d)]);
  const pick = (rows: readonly number[], of = y) => Float64Array.from(rows, (i) => of[i]);
  const unitRows = (of: Float64Array) =>
    of.map((value, at) => value / (norm(of.subarray(Math.floor(at / d) * d, Math.floor(at / d) * d + d)) + 1e-8));
  const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0);

  it.each(['mean_diff', 'probe_raw', 'probe_unit_rows', 'ica_best_of_10'])('scores of %s', (name) => {
    const vector = array(name);
    const fitted = { scores: projections(take(train), vector), labels: pick(train) };
    const threshold = midpoint(fitted);
    for (const [part, rows] of [
      ['train', train],
      ['held', held],
    ] as const) {
      const sample = { scores: projections(take(rows), vector), labels: pick(rows) };
      const { auc, standardError, low, high } = aucDeLong(sample);
      const told = expected[name][part];
      expect(Math.abs(auc - told.auc)).toBeLessThan(1e-12);
      expect(Math.abs(standardError - told.auc_se_delong)).toBeLessThan(1e-12);
      expect(apart([low, high], told.auc_95)).toBeLessThan(1e-12);
      expect(Math.abs(cohensD(sample) - told.cohen_d)).toBeLessThan(1e-12);
      expect(accuracyAt(sample, threshold)).toBe(told.accuracy_midpoint);
    }
  });

  it('mean difference and both probes, by rows and by inner products', () => {
    const [rows, labels] = [take(train), pick(train)];
    expect(apart(meanDifference(rows, labels), array('mean_diff'))).toBeLessThan(1e-12);
    for (const [name, fitting] of [
      ['probe_raw', rows],
      ['probe_unit_rows', unitRows(rows)],
    ] as const) {
      const dual = logisticByProducts(gramMatrix(fitting, train.length), labels);
      const primal = logisticByRows(fitting, labels);
      const byProducts = combineRows(fitting, dual.coefficients);
      expect(dual.gradient).toBeLessThan(1e-8);
      expect(primal.gradient).toBeLessThan(1e-8);
      expect(apart(byProducts, array(name))).toBeLessThan(1e-6);
      expect(apart(primal.weights, array(name))).toBeLessThan(1e-6);
      expect(Math.abs(primal.intercept - expected[name].intercept)).toBeLessThan(1e-6);
    }
  });

  it('the massive dimension is found, and without it the probe scores as the reference has it', () => {
    const found = massiveDimensions(x, n, { component: 'residual', layer: 0 });
    expect(found.map(({ dimension }) => dimension)).toEqual([7]);
    const without = x.map((value, at) => (at % d === 7 ? 0 : value));
    const { vector } = fitDirection('probe', {
      ...{ rows: new LayerRows(without, n, 'unit'), texts: train, validation: [], seed: 0 },
      y: Uint8Array.from(y),
    });
    for (const [part, kept] of [
      ['train', train],
      ['held', held],
    ] as const) {
      const sample = { scores: projections(take(kept, without), vector), labels: pick(kept) };
      const told = expected.probe_unit_rows_dimension_7_zeroed[part];
      expect(Math.abs(aucDeLong(sample).auc - told.auc)).toBeLessThan(1e-12);
      expect(Math.abs(cohensD(sample) - told.cohen_d)).toBeLessThan(1e-9);
    }
  });

  it('shuffled labels are learned by heart and held out are chance', () => {
    const fit = logisticByRows(take(train), pick(train, shuffled));
    const scores = projections(take(train), fit.weights).map((value) => value + fit.intercept);
    const told = expected.probe_raw_shuffled_labels;
    expect(accuracyAt({ scores, labels: pick(train, shuffled) }, 0)).toBe(told.accuracy_train);
    const outside = projections(take(held), fit.weights);
    expect(aucDeLong({ scores: outside, labels: pick(held, shuffled) }).auc).toBeCloseTo(
      told.auc_held_against_shuffled_labels,
      10,
    );
    expect(aucDeLong({ scores: outside, labels: pick(held) }).auc).toBeCloseTo(told.auc_held_against_true_labels, 10);
  });

  it('the best independent component scores as the reference has it, up to where the iteration ends', () => {
    const rows = take(train);
    const { count, weights, converged } = fastIca(gramMatrix(rows, train.length), train.length);
    expect([count, converged]).toEqual([10, true]);
    const found = Array.from({ length: count }, (_, k) => {
      const vector = combineRows(rows, weights.subarray(k * train.length, (k + 1) * train.length));
      const own = cohensD({ scores: projections(rows, vector), labels: pick(train) });
      return { separation: Math.abs(own), vector: own < 0 ? vector.map((value) => -value) : vector };
    }).reduce((best, each) => (each.separation > best.separation ? each : best));
    // Both iterations end where components turn by 1e-4: AUCs differ by a pair.
    for (const [part, kept] of [
      ['train', train],
      ['held', held],
    ] as const) {
      const { auc } = aucDeLong({ scores: projections(take(kept), found.vector), labels: pick(kept) });
      expect(Math.abs(auc - expected.ica_best_of_10[part].auc)).toBeLessThan(1e-3);
    }
    expect(Math.abs(cosine(found.vector, array('ica_best_of_10')))).toBeGreaterThan(0.9999);
  });

  it('velocity, acceleration, peak, commitment and persistence of a text', () => {
    const told = expected.dynamics;
    const found = dynamicsOf(told.scores);
    expect(apart(found.velocity, told.velocity)).toBeLessThan(1e-12);
    expect(apart(found.acceleration, told.acceleration)).toBeLessThan(1e-12);
    expect([found.peak, found.commitment.absolute, found.persistence.tokens]).toEqual([
      told.peak,
      told.commitment_point,
      told.persistence,
    ]);
    expect(found.peakVelocity).toBeCloseTo(told.peak_velocity, 12);
    expect(found.meanSpeed).toBeCloseTo(told.avg_velocity, 12);
  });
});
