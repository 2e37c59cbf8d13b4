/** Batches gathered on the device against the twin: the same cells, masks, labels and weights. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { counterBytes } from '../../src/nn/training/state.ts';
import type { StepKernel } from '../../src/nn/training/training.ts';
import { DEFAULT_RECIPE } from '../../src/workloads/cells/training/recipe.ts';
import { cellsSource } from '../../src/workloads/cells/training/source.ts';
import { gatherTwin, labelsTwin, weightsOf } from '../../src/workloads/cells/training/twin.ts';

const [cells, genes, bins, batch, step] = [11, 13, 6, 5, 7];
const tokens = Uint8Array.from({ length: cells * genes }, (_, i) => (i * i + 3 * i) % bins);
const order = Uint32Array.of(9, 1, 4, 10, 2, 0, 7);
const perturbation = { names: ['a', 'b', 'c'], codes: Uint32Array.from({ length: cells }, (_, c) => c % 4) };
const cellType = { names: ['x', 'y'], codes: Uint32Array.from({ length: cells }, (_, c) => (c + 1) % 3) };
const recipe = { ...DEFAULT_RECIPE, batch, seed: 5, drop: 0.3 };
const spec = {
  variant: 'lockstep',
  layers: 1,
  width: 16,
  heads: 1,
  genes,
  bins,
  perturbations: 3,
  cellTypes: 2,
  timeFeatures: 8,
} as const;

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

async function gathered(objective: 'nelbo' | 'masked-mean') {
  const source = cellsSource({ ...recipe, objective }, spec, { tokens, perturbation, cellType }, order, 2);
  const buffers: Record<string, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>> = {
    ...source.contents,
    tokens: new Uint32Array(batch * genes),
    asked: new Uint32Array(2 * batch * genes),
    masked: new Uint32Array(batch),
    sigma: new Float32Array(batch),
    perturbation: new Uint32Array(batch),
    cellType: new Uint32Array(batch),
    state: new Uint32Array(counterBytes({ step, skipped: 0, lossScale: 1, since: 0 })),
  };
  const run = async ({ shader, buffers: bound, workgroups }: StepKernel) => {
    if ('wgsl' in shader) throw new TypeError('a shader of the project is expected');
    const entries = Object.entries(bound).map(([binding, name]) => [binding, buffers[name as string]] as const);
    const uniforms = Object.fromEntries(entries.filter(([binding]) => binding === '11'));
    const storage = Object.fromEntries(entries.filter(([binding]) => binding !== '11'));
    const after = await runKernel(gpu, { shader, storage, uniforms, workgroups });
    for (const [binding, name] of Object.entries(bound))
      if (after[Number(binding)]) buffers[name as string] = after[Number(binding)] as Uint32Array<ArrayBuffer>;
  };
  for (const kernel of Object.values(source.kernels)) await run(kernel);
  return buffers;
}

describe('a batch on the device', () => {
  it.each(['nelbo', 'masked-mean'] as const)('is the twin’s under %s', async (objective) => {
    const found = await gathered(objective);
    const twin = gatherTwin({ genes, bins, tokens, order, batch }, recipe.seed, step);
    expect([...found.tokens]).toEqual([...twin.tokens]);
    const asked = found.asked as Uint32Array<ArrayBuffer>;
    expect([...asked].filter((_, i) => i % 2 === 0)).toEqual([...twin.targets]);
    const weights = [...new Float32Array(asked.buffer)].filter((_, i) => i % 2 === 1);
    // One division in f32.
    weightsOf(twin.tokens, genes, bins, objective).forEach((weight, row) => {
      expect(Math.abs(weights[row] - weight)).toBeLessThanOrEqual(2e-7 * weight);
    });
    twin.t.forEach((t, slot) => {
      // WGSL's logarithm is good to 2⁻²¹.
      expect(Math.abs(found.sigma[slot] + Math.log1p(-0.999 * t))).toBeLessThan(2e-6);
    });
    const drop = recipe.drop;
    const slots = { order, batch };
    expect([...found.perturbation]).toEqual([
      ...labelsTwin(slots, { codes: perturbation.codes, none: 3, word: 0, drop }, recipe.seed, step),
    ]);
    expect([...found.cellType]).toEqual([
      ...labelsTwin(slots, { codes: cellType.codes, none: 2, word: 1, drop }, recipe.seed, step),
    ]);
  });

  it('draws other cells and masks in every step, and cells of the order alone', () => {
    const at = (number: number) => gatherTwin({ genes, bins, tokens, order, batch }, recipe.seed, number);
    expect([...at(0).tokens]).not.toEqual([...at(1).tokens]);
    const seen = new Set(Array.from({ length: 40 }, (_, number) => [...at(number).cells]).flat());
    expect([...seen].sort((a, b) => a - b)).toEqual([...order].sort((a, b) => a - b));
  });

  it('masks as many genes as the NELBO needs: the mean weight a gene is 1', () => {
    // Σ over rows of weight × CE with CE = 1 has the mean 1 (nats a gene): its standard error over 400 batches of 5 cells is
    // √(n/(n + 1)²)/√2000 < 0.01, as a cell's sum is (n + 1)/n unless nothing is masked, which has probability 1/(n + 1).
    let sum = 0;
    for (let number = 0; number < 400; number++) {
      const { tokens: seen } = gatherTwin({ genes, bins, tokens, order, batch }, 3, number);
      sum += weightsOf(seen, genes, bins, 'nelbo').reduce((a, b) => a + b, 0) / 400;
    }
    expect(Math.abs(sum - 1)).toBeLessThan(0.03);
  });
});
