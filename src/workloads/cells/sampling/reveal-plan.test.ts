import { describe, expect, test } from 'vitest';
import { chiSquareTest } from '../../../stats/chi-square.ts';
import { mostActiveCells, mostPieces, piecesOf } from './pieces.ts';
import { stepProbabilities } from './reveal-law.ts';
import { planReveals, type RevealPlan } from './reveal-plan.ts';
import { REVEAL_RULES, type RevealRule } from './rules.ts';
import type { SamplerSettings } from './settings.ts';

const BINS = 5;
const settings = (rule: RevealRule, genes: number, steps: number): SamplerSettings => ({
  genes,
  bins: BINS,
  rule,
  schedule: 'loglinear',
  steps,
  temperature: 1,
  guidance: 1,
});
const seedsFrom = (first: number, count: number) => Uint32Array.from({ length: count }, (_, i) => first + i);

/** [cell][gene] step, −1 where it never reveals. */
function stepsByRow(plan: RevealPlan, cells: number): Int32Array {
  const found = new Int32Array(cells * plan.genes).fill(-1);
  for (let step = 0; step < plan.steps; step++) {
    for (let i = plan.offsets[step]; i < plan.offsets[step + 1]; i++) {
      if (found[plan.rows[i]] !== -1) throw new Error(`row ${plan.rows[i]} reveals twice`);
      found[plan.rows[i]] = step;
    }
  }
  return found;
}

describe.each(REVEAL_RULES)('%s', (rule) => {
  const asked = settings(rule, 12, 7);

  test('every hidden gene reveals once; lists are ascending and name the cells of the rows', () => {
    const plan = planReveals(asked, { seeds: seedsFrom(3, 40) });
    expect([...stepsByRow(plan, 40)].every((step) => step >= 0)).toBe(true);
    for (let step = 0; step < plan.steps; step++) {
      const rows = plan.rows.subarray(plan.offsets[step], plan.offsets[step + 1]);
      const cells = plan.cells.subarray(plan.cellOffsets[step], plan.cellOffsets[step + 1]);
      expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
      expect([...cells]).toEqual([...new Set([...rows].map((row) => Math.floor(row / plan.genes)))]);
      rows.forEach((row, i) => {
        expect(plan.cells[plan.places[plan.offsets[step] + i]]).toBe(Math.floor(row / plan.genes));
      });
    }
  });

  test('a cell has the same steps in any chunk', () => {
    const seeds = seedsFrom(100, 23);
    const all = stepsByRow(planReveals(asked, { seeds }), 23);
    for (const size of [1, 7]) {
      for (let first = 0; first < 23; first += size) {
        const some = seeds.slice(first, first + size);
        const found = stepsByRow(planReveals(asked, { seeds: some }), some.length);
        expect(found).toEqual(all.slice(first * 12, (first + some.length) * 12));
      }
    }
  });

  test('known genes never reveal', () => {
    const start = Uint8Array.from({ length: 5 * 12 }, (_, row) => (row % 3 === 0 ? 2 : BINS));
    const found = stepsByRow(planReveals(asked, { seeds: seedsFrom(9, 5), start }), 5);
    found.forEach((step, row) => {
      expect(step === -1).toBe(row % 3 === 0);
    });
  });

  test('pieces cover every row once, hold whole cells and stay within their bounds', () => {
    const plan = planReveals(asked, { seeds: seedsFrom(1, 50) });
    for (const most of [12, 13, 40, 10_000]) {
      const pieces = piecesOf(plan, most);
      let row = 0;
      let cell = 0;
      for (const piece of pieces) {
        expect(piece.firstRow).toBe(row);
        expect(piece.firstCell).toBe(cell);
        expect(piece.rows).toBeLessThanOrEqual(most);
        for (let i = row; i < row + piece.rows; i++) {
          expect(plan.places[i]).toBeGreaterThanOrEqual(cell);
          expect(plan.places[i]).toBeLessThan(cell + piece.cells);
        }
        row += piece.rows;
        cell += piece.cells;
      }
      expect(row).toBe(plan.rows.length);
      expect(cell).toBe(plan.cells.length);
      expect(pieces.length).toBeLessThanOrEqual(mostPieces(50, 12, plan.steps, most));
      expect(cell).toBeLessThanOrEqual(mostActiveCells(50, 12, plan.steps));
    }
  });
});

test('the steps follow the law of the rule: χ² of 60,000 genes', () => {
  for (const rule of ['tweedie', 'origin', 'euler'] as const) {
    const asked = settings(rule, 6, 5);
    const plan = planReveals(asked, { seeds: seedsFrom(77, 10_000) });
    const counts = Array.from({ length: 6 }, (_, k) => plan.offsets[k + 1] - plan.offsets[k]);
    expect(chiSquareTest(counts, stepProbabilities(asked)).p).toBeGreaterThan(1e-4);
  }
});

test('balanced shuffles: each of the 24 orders of four genes is as likely, and every step has its share', () => {
  const plan = planReveals(settings('balanced', 4, 4), { seeds: seedsFrom(5, 24_000) });
  const steps = stepsByRow(plan, 24_000);
  const orders = new Map<string, number>();
  for (let cell = 0; cell < 24_000; cell++) {
    const order = steps.subarray(4 * cell, 4 * cell + 4).join('');
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  expect(orders.size).toBe(24);
  expect(chiSquareTest([...orders.values()], new Array(24).fill(1 / 24)).p).toBeGreaterThan(1e-4);
  for (let step = 0; step < 4; step++) expect(plan.offsets[step + 1] - plan.offsets[step]).toBe(24_000);
});

test('two genes of a cell are independent: χ² of their pairs of steps', () => {
  const asked = settings('tweedie', 2, 3);
  const steps = stepsByRow(planReveals(asked, { seeds: seedsFrom(1, 30_000) }), 30_000);
  const law = stepProbabilities(asked);
  const counts = new Array<number>(16).fill(0);
  for (let cell = 0; cell < 30_000; cell++) counts[4 * steps[2 * cell] + steps[2 * cell + 1]]++;
  expect(
    chiSquareTest(
      counts,
      counts.map((_, i) => law[i >> 2] * law[i & 3]),
    ).p,
  ).toBeGreaterThan(1e-4);
});
