/** Kernels over rows of activations, one by one, against their f64 twins: shapes that fill no block, sums in several parts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/context.ts';
import { linkShader, type ShaderSpec } from '../../src/gpu/shaders.ts';
import { closeTestContexts, openTestContext, runKernel } from '../../src/gpu/testing.ts';
import { runWithNaga } from '../../src/gpu/testing-naga.ts';
import { toHalves } from '../../src/nn/half.ts';
import { timeFeatures } from '../../src/nn/score-network/spec.ts';
import { silu } from '../../src/nn/score-network/twin-backward.ts';
import {
  attentionBackwardKernels,
  attentionKernel,
  headSums,
  rotaryKernel,
  rotaryTurns,
} from '../../src/nn/tensor/attention-kernels.ts';
import { attention, attentionBackward, rotated } from '../../src/nn/tensor/attention-twin.ts';
import { gelu, geluSlope } from '../../src/nn/tensor/erf.ts';
import {
  linearGradientKernel,
  linearKernel,
  type Narrow,
  partsOf,
  sumPartsKernel,
} from '../../src/nn/tensor/kernels.ts';
import { askedWords, crossEntropyKernel, crossEntropyWeightsKernel } from '../../src/nn/tensor/loss-kernels.ts';
import { normBackwardKernels, normKernel } from '../../src/nn/tensor/norm-kernels.ts';
import {
  runSumsKernel,
  siluKernel,
  tableGradientKernel,
  tableRowsKernel,
  timeFeaturesKernel,
} from '../../src/nn/tensor/table-kernels.ts';
import {
  crossEntropy,
  linear,
  linearInputs,
  linearWeights,
  modulated,
  modulatedBackward,
  rowStatistics,
  transposed,
  type Values,
} from '../../src/nn/tensor/twin.ts';
import { counterBytes } from '../../src/nn/training/state.ts';
import type { StepKernel } from '../../src/nn/training/training.ts';
import { TENSOR_SIZES as SIZES } from './score-batch.ts';

let gpu: GpuContext;
beforeAll(async () => {
  gpu = await openTestContext();
});
afterAll(closeTestContexts);

type Numbers = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
const F32: Narrow = { storage: 'f32', half: false };
const some = (length: number, seed: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(1.7 * i + seed + 0.3 * ((i * i) % 11)));
const zeros = (length: number) => new Float32Array(length);
const place = (value: number) => Uint32Array.of(value, 0, 0, 0);

/** Runs kernels one after the other; buffers by name hold what they leave. */
async function run(kernels: readonly StepKernel[], buffers: Record<string, Numbers>): Promise<Record<string, Numbers>> {
  const now = { ...buffers };
  for (const { shader, buffers: bound, workgroups } of kernels) {
    const entries = Object.entries(bound).map(([binding, name]) => {
      if (!now[name as string]) throw new Error(`no buffer ${name}`);
      return [binding, now[name as string]] as const;
    });
    const isUniform = ([binding]: readonly [string, Numbers]) => bound[Number(binding)] === 'place';
    const found = await runKernel(gpu, {
      shader: shader as never,
      storage: Object.fromEntries(entries.filter((entry) => !isUniform(entry))),
      uniforms: Object.fromEntries(entries.filter(isUniform)),
      workgroups,
    });
    for (const [binding, name] of Object.entries(bound))
      if (found[Number(binding)]) now[name as string] = found[Number(binding)] as Numbers;
  }
  return now;
}

/** Of sums of some dozen terms of size one, each rounded to 6e-8, in f32; relative to the largest. */
function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 3e-6): void {
  expect(found.length).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  const away = Math.max(...Array.from(found, (value, i) => Math.abs(value - expected[i])));
  expect(away, `largest ${largest}`).toBeLessThan(tolerance * largest);
}

describe('products', () => {
  const [rows, k, n] = [13, 12, 20];
  const [x, w, b, dy] = [some(rows * k, 1), some(k * n, 2), some(n, 3), some(rows * n, 4)];

  it('of rows and a weight, with bias, and GELU that keeps what it was applied to', async () => {
    const y = linear(x, w, b, rows, k, n);
    const kernel = linearKernel(
      SIZES,
      { rows, inputs: k, outputs: n },
      { x: 'x', w: 'w', bias: 'b', y: 'y', before: 'before' },
      { narrow: F32, after: 'gelu' },
    );
    const found = await run([kernel], { x, w, b, y: zeros(rows * n), before: zeros(rows * n) });
    expectClose(found.before, y);
    expectClose(found.y, y.map(gelu));
  });

  it('with the transposed weight, times the slope of GELU, on top of what is there', async () => {
    const [before, there] = [some(rows * k, 5), some(rows * k, 6)];
    const expected = linearInputs(dy, w, rows, k, n).map((slope, i) => there[i] + slope * geluSlope(before[i]));
    const kernel = linearKernel(
      SIZES,
      { rows, inputs: n, outputs: k },
      { x: 'dy', w: 'wt', y: 'dx', before: 'before' },
      { narrow: F32, after: 'gelu_slope', accumulate: true },
    );
    const wt = Float32Array.from(transposed(w, k, n));
    const found = await run([kernel], { dy, wt, dx: there, before });
    expectClose(found.dx, expected);
  });

  it('of halves, on wgpu, which has them here: rounded operands and products, sums in f32', async () => {
    const kernel = linearKernel(
      SIZES,
      { rows, inputs: k, outputs: n },
      { x: 'x', w: 'w', bias: 'b', y: 'y' },
      { narrow: { storage: 'f16', half: true }, packed: { w: true } },
    );
    const { wgsl } = linkShader(kernel.shader as ShaderSpec);
    expect(wgsl).toContain('enable f16;');
    const storage = { 0: x, 1: toHalves(w), 2: b, 3: zeros(rows * n) };
    const found = await runWithNaga({ wgsl, storage, workgroups: kernel.workgroups });
    const y = new Float32Array(found[3]);
    // Operands and products are rounded to 11 bits: 2⁻¹¹ each of terms of size one, which add up like a walk.
    expectClose(y, linear(x, w, b, rows, k, n), 2e-3);
    expect(Math.max(...y.map((value, i) => Math.abs(value - linear(x, w, b, rows, k, n)[i])))).toBeGreaterThan(1e-5);
  });

  it('of inputs and slopes: weight and bias, in parts that are summed', async () => {
    const many = 150;
    const [xs, dys] = [some(many * k, 7), some(many * n, 8)];
    const splits = partsOf(SIZES, many);
    expect(splits).toBe(3);
    const numbers = (k + 1) * n;
    const shape = { rows: many, inputs: k, outputs: n };
    const parts = linearGradientKernel(
      SIZES,
      shape,
      { x: 'x', dy: 'dy', parts: 'parts', place: 'zero' },
      { narrow: F32, biased: true },
    );
    const sum = sumPartsKernel(SIZES, numbers, splits, { parts: 'parts', gradient: 'gradient', place: 'place' });
    const before = some(8 + numbers, 9);
    const first = await run([{ ...parts, buffers: { ...parts.buffers, 3: 'place' } }], {
      x: xs,
      dy: dys,
      parts: zeros(splits * numbers),
      place: place(0),
    });
    const { gradient } = await run([sum], { parts: first.parts, gradient: before, place: place(2) });
    const [dw, db] = linearWeights(xs, dys, many, k, n);
    expectClose(gradient.subarray(8), Float64Array.of(...dw, ...db));
    expect([...gradient.subarray(0, 8)]).toEqual([...before.subarray(0, 8)]);
  });
});

describe('norms', () => {
  const [cells, genes, width, stride] = [2, 5, 12, 48];
  const shape = { cells, genes, width, heads: 1 };
  const length = cells * genes * width;
  const [x, y, dh, dx] = [some(length, 1), some(length, 2), some(length, 3), some(length, 4)];
  const [modulations, gates] = [some(cells * stride, 5), some(cells * stride, 6)];
  const places = { unit: 1, epsilon: 1e-5, stride, shift: 12, scale: 24, gate: { stride, at: 36 } } as const;
  const gateOf = (i: number) => gates[Math.floor(i / (genes * width)) * stride + 36 + (i % width)];
  const joint = Float64Array.from(x, (value, i) => value + gateOf(i) * y[i]);
  const statistics = rowStatistics(joint, cells * genes, width, 1e-5);
  const m = { ...places, values: modulations };

  it('of a gated sum', async () => {
    const kernel = normKernel(SIZES, shape, places, {
      x: 'x',
      y: 'y',
      joint: 'joint',
      gates: 'gates',
      modulations: 'modulations',
      h: 'h',
      statistics: 'statistics',
    });
    const buffers = { x, y, gates, modulations, joint: zeros(length), h: zeros(length), statistics: zeros(20) };
    const found = await run([kernel], buffers);
    expectClose(found.joint, joint);
    expectClose(found.statistics, statistics);
    expectClose(found.h, modulated(joint, statistics, m, genes, width));
  });

  it('backward: into the sum, the branch, its gate and the modulations', async () => {
    const dm = new Float64Array(cells * stride);
    const through = modulatedBackward(dh, joint, statistics, m, dm, genes, width);
    const total = through.map((slope, i) => slope + dx[i]);
    const dgates = new Float64Array(cells * stride);
    total.forEach((slope, i) => {
      dgates[Math.floor(i / (genes * width)) * stride + 36 + (i % width)] += slope * y[i];
    });
    const kernels = normBackwardKernels(
      SIZES,
      shape,
      places,
      {
        dh: 'dh',
        x: 'x',
        statistics: 'statistics',
        modulations: 'modulations',
        dmodulations: 'dmodulations',
        dx: 'dx',
        branch: { y: 'y', gates: 'gates', dy: 'dy', dgates: 'dgates' },
      },
      false,
    );
    const found = await run(kernels, {
      dh,
      x: Float32Array.from(joint),
      statistics: Float32Array.from(statistics),
      modulations,
      dmodulations: zeros(cells * stride),
      dx: dx.slice(),
      y,
      gates,
      dy: zeros(length),
      dgates: zeros(cells * stride),
    });
    expectClose(found.dx, total);
    expectClose(
      found.dy,
      total.map((slope, i) => slope * gateOf(i)),
    );
    expectClose(found.dmodulations, dm);
    expectClose(found.dgates, dgates);
  });
});

describe('attention', () => {
  // No multiple of four genes, and queries that fill no thread.
  const shape = { cells: 2, genes: 7, width: 16, heads: 2 };
  const rows = shape.cells * shape.genes;
  const qkv = some(rows * 48, 1);
  const doutput = some(rows * 16, 2);
  const { output, logSums } = attention(qkv, shape);
  const filledSums = (values: Values) => {
    const filled = zeros(headSums(shape));
    for (let i = 0; i < values.length; i++) filled[8 * Math.floor(i / 7) + (i % 7)] = values[i];
    return filled;
  };

  it('keeps the logarithms of its sums', async () => {
    const kernel = attentionKernel(SIZES, shape, { qkv: 'qkv', output: 'output', logSums: 'logSums' }, F32);
    const found = await run([kernel], { qkv, output: zeros(rows * 16), logSums: zeros(headSums(shape)) });
    expectClose(found.output, output);
    expectClose(found.logSums, filledSums(logSums));
  });

  it('backward recomputes its weights from them', async () => {
    const kernels = attentionBackwardKernels(
      SIZES,
      shape,
      { qkv: 'qkv', output: 'output', doutput: 'doutput', logSums: 'logSums', along: 'along', dqkv: 'dqkv' },
      F32,
    );
    const found = await run(kernels, {
      qkv,
      output: Float32Array.from(output),
      doutput,
      logSums: filledSums(logSums),
      along: zeros(headSums(shape)),
      dqkv: zeros(rows * 48),
    });
    // Differences of slopes of size one, over as many terms as there are genes.
    expectClose(found.dqkv, attentionBackward(qkv, output, doutput, shape), 1e-5);
  });

  it('turns by place, and back', async () => {
    const turns = rotaryTurns(7, 8, 1e4);
    const kernel = (sign: 1 | -1) =>
      rotaryKernel(SIZES, shape, { values: 'values', turns: 'turns' }, F32, { packed: false, sign });
    const there = await run([kernel(1)], { values: qkv.slice(), turns });
    expectClose(there.values, rotated(qkv, shape, 1));
    const back = await run([kernel(-1)], there);
    expectClose(back.values, qkv);
  });
});

describe('tables', () => {
  const [genes, width, entries] = [5, 8, 6];
  const rows = 30 * genes;
  const index = Uint32Array.from({ length: rows }, (_, i) => (i * i + i) % entries);
  const [table, places, dy] = [some(entries * width, 1), some(genes * width, 2), some(rows * width, 3)];

  it('give a row by index and one by place', async () => {
    const expected = Float64Array.from({ length: rows * width }, (_, i) => {
      const row = Math.floor(i / width);
      return table[index[row] * width + (i % width)] + places[(row % genes) * width + (i % width)];
    });
    const bound = { table: 'table', index: 'index', y: 'y', places: 'places' };
    const kernel = tableRowsKernel(SIZES, { rows, width, genes }, bound, F32, false);
    const found = await run([kernel], { table, places, index, y: zeros(rows * width) });
    expectClose(found.y, expected);
  });

  it.each(['index', 'place'] as const)('sum slopes by %s', async (by) => {
    const count = by === 'index' ? entries : genes;
    const expected = new Float64Array(count * width);
    dy.forEach((slope, i) => {
      const row = Math.floor(i / width);
      expected[(by === 'index' ? index[row] : row % genes) * width + (i % width)] += slope;
    });
    const splits = by === 'index' ? partsOf(SIZES, rows) : 1;
    const kernel = tableGradientKernel(
      SIZES,
      { rows, entries: count, width, genes },
      { index: by === 'index' ? 'index' : undefined, dy: 'dy', parts: 'parts', place: 'place' },
    );
    const { parts } = await run([kernel], { index, dy, parts: zeros(splits * count * width), place: place(0) });
    const sum = new Float64Array(count * width);
    parts.forEach((value, i) => {
      sum[i % (count * width)] += value;
    });
    expectClose(sum, expected);
  });
});

describe('the loss', () => {
  const [rows, width, outputs, stride] = [140, 8, 5, 8];
  const [features, w, bias] = [some(rows * width, 1), some(width * outputs, 2), some(outputs, 3)];
  const targets = Array.from({ length: rows }, (_, i) => (i * 3) % outputs);
  const weights = Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 0 : 0.5 + (i % 4)));
  const logits = linear(features, w, bias, rows, width, outputs);
  const { loss, slopes } = crossEntropy(logits, targets, weights, outputs);
  const scale = 4;
  const buffers = {
    features,
    wt: Float32Array.from(transposed(w, width, outputs)),
    bias,
    asked: askedWords(targets, weights),
    losses: zeros(rows),
    df: zeros(rows * width),
    logSums: zeros(rows),
    state: new Uint32Array(counterBytes({ step: 0, skipped: 0, lossScale: scale, since: 0 })),
    best: new Uint32Array(rows),
  };
  const shared = { features: 'features', transposed: 'wt', bias: 'bias', asked: 'asked' };

  it('of rows, its slopes by features and by the projection, times the scale', async () => {
    const splits = partsOf(SIZES, rows);
    const numbers = (width + 1) * stride;
    const shape = { rows, width, outputs, choices: outputs };
    const found = await run(
      [
        crossEntropyKernel(SIZES, shape, { ...shared, losses: 'losses', dfeatures: 'df', logSums: 'logSums' }),
        crossEntropyWeightsKernel(
          SIZES,
          { rows, width, outputs, stride },
          { ...shared, logSums: 'logSums', parts: 'parts', place: 'place' },
        ),
        runSumsKernel(SIZES, { sums: 4, run: 35 }, { x: 'losses', y: 'sums' }),
      ],
      { ...buffers, parts: zeros(splits * numbers), place: place(0), sums: zeros(4) },
    );
    expectClose([Array.from(found.sums).reduce((sum, part) => sum + part, 0)], [loss]);
    const byFeatures = linearInputs(slopes, w, rows, width, outputs);
    expectClose(
      found.df,
      byFeatures.map((slope) => scale * slope),
    );
    const [dw, db] = linearWeights(features, slopes, rows, width, outputs);
    const sum = new Float64Array(numbers);
    found.parts.forEach((value, i) => {
      sum[i % numbers] += value;
    });
    const expected = sum.map((_, i) => {
      const [row, v] = [Math.floor(i / stride), i % stride];
      if (v >= outputs) return 0;
      return scale * (row < width ? dw[row * outputs + v] : db[v]);
    });
    expectClose(sum, expected);
  });

  it('names the likeliest of the first outputs', async () => {
    const choices = outputs - 1;
    const kernel = crossEntropyKernel(
      SIZES,
      { rows, width, outputs, choices },
      { ...shared, losses: 'losses', best: 'best' },
    );
    const { best } = await run([kernel], buffers);
    weights.forEach((weight, row) => {
      if (weight === 0) return;
      const own = logits.slice(row * outputs, row * outputs + choices);
      expect(best[row], `row ${row}`).toBe(own.indexOf(Math.max(...own)));
    });
  });
});

describe('the conditioning', () => {
  it('SiLU and its slope', async () => {
    const [x, dy] = [some(20, 1).map((value) => 3 * value), some(20, 2)];
    const there = await run([siluKernel(SIZES, 20, { x: 'x', y: 'y' }, false)], { x, y: zeros(20) });
    expectClose(there.y, Float64Array.from(x, silu));
    const back = await run([siluKernel(SIZES, 20, { x: 'x', y: 'y' }, true)], { x, y: dy });
    const h = 1e-6;
    expectClose(
      back.y,
      Float64Array.from(x, (value, i) => (dy[i] * (silu(value + h) - silu(value - h))) / (2 * h)),
    );
  });

  it('sines and cosines of σ up to 7, where WGSL’s own would be off by 5e-4', async () => {
    const sigma = Float32Array.of(0, 1e-5, 0.4, 2.98, 6.9);
    const frequencies = Float32Array.from({ length: 8 }, (_, j) => 1e4 ** (-j / 8) / Math.PI);
    const bound = { sigma: 'sigma', frequencies: 'frequencies', y: 'y' };
    const kernel = timeFeaturesKernel(SIZES, { cells: 5, features: 16 }, bound);
    const { y } = await run([kernel], { sigma, frequencies, y: zeros(80) });
    const spec = { timeFeatures: 16 } as Parameters<typeof timeFeatures>[0];
    expectClose(y, Float64Array.from(Array.from(sigma, (value) => [...timeFeatures(spec, value)]).flat()));
  });
});
