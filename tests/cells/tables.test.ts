/** Tables of steps and precisions: right numbers, kept when they are stopped, and the same from page and command line. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { defaultSizes } from '../../src/batch/sizes.ts';
import { decodeCsv } from '../../src/bundle/csv.ts';
import { runCli } from '../../src/cli/program.ts';
import { parseRunConfig } from '../../src/engine/config/run-config.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../src/gpu/testing.ts';
import { finish } from '../../src/stats/two-sample/steps.ts';
import { addCellsTables } from '../../src/workloads/cells/commands/tables.ts';
import { compareLogits } from '../../src/workloads/cells/evaluation/logits.ts';
import { maskedCells } from '../../src/workloads/cells/evaluation/masked-cells.ts';
import { measurePrecisions } from '../../src/workloads/cells/evaluation/precision.ts';
import { precisionFile, precisionRows } from '../../src/workloads/cells/evaluation/precision-table.ts';
import { probeLogits } from '../../src/workloads/cells/evaluation/probe.ts';
import { qualitySteps } from '../../src/workloads/cells/evaluation/quality.ts';
import { tableInput } from '../../src/workloads/cells/evaluation/question.ts';
import { measureSteps } from '../../src/workloads/cells/evaluation/steps.ts';
import { stepsFile } from '../../src/workloads/cells/evaluation/steps-table.ts';
import { readData } from '../../src/workloads/cells/files/read-data.ts';
import { drawPlace } from '../../src/workloads/cells/jobs/draw-place.ts';
import { stepsJob } from '../../src/workloads/cells/jobs/steps.ts';
import type { StepsEvent } from '../../src/workloads/cells/jobs/steps-types.ts';
import { cellMetrics } from '../../src/workloads/cells/metrics/cell-metrics.ts';
import type { NetworkModel } from '../../src/workloads/cells/model.ts';
import { loadedToy } from '../../src/workloads/cells/test-support/loaded.ts';
import { TwinNetworkPredictor } from '../../src/workloads/cells/twin/network-predictor.ts';
import { cellsWorkload } from '../../src/workloads/cells/workload.ts';
import type { Workload } from '../../src/workloads/workload.ts';

const folder = mkdtempSync(join(tmpdir(), 'cells-tables-'));
afterAll(() => {
  closeTestContexts();
  rmSync(folder, { recursive: true });
});

const registry = [cellsWorkload as unknown as Workload];
const configOf = (params: Record<string, unknown>) => parseRunConfig({ workload: 'cells', params }, registry);
const SIGNAL = new AbortController().signal;
const QUIET = { signal: SIGNAL, progress: () => undefined };

const questionOf = (kind: 'network' | 'mixture', params: Record<string, unknown> = {}) => {
  const config = configOf({ model: kind, ...params });
  return { config, question: { loaded: loadedToy(kind), params: config.params, seed: 5, precision: 'f32' as const } };
};
const placeOf = (given: ReturnType<typeof questionOf>, gpu: GpuContext | null) =>
  drawPlace(given.config, {}, given.question.loaded, async () => gpu);

test('the few metrics are those of the table of all', () => {
  const { question } = questionOf('mixture');
  const { tokens } = question.loaded.data;
  const input = tableInput(question, tokens.subarray(0, 80));
  const rows = cellMetrics(input).rows;
  for (const [id, value] of Object.entries(finish(qualitySteps(input))))
    expect(value, id).toBeCloseTo(rows.find((row) => row.id === id)!.value!, 12);
});

describe('steps', () => {
  test('come rule by rule, with the calls that they take, and into steps.csv', async () => {
    const given = questionOf('mixture');
    const place = await placeOf(given, null);
    const points: unknown[] = [];
    const table = await measureSteps(
      { ...given.question, steps: [4, 1], rules: ['tweedie', 'balanced', 'origin', 'first-hitting'] },
      place,
      { ...QUIET, point: (point) => points.push(point) },
    );
    expect(points).toEqual(table.points);
    expect(table).toMatchObject({ cells: 8, genes: 10, predictor: 'Mixture', stopped: false });
    expect(table.points.map(({ rule, steps }) => [rule, steps])).toEqual([
      ...['tweedie', 'balanced', 'origin'].map((rule) => [rule, 1]),
      ...['tweedie', 'balanced', 'origin'].map((rule) => [rule, 4]),
      ['first-hitting', 10],
    ]);
    const calls = (rule: string, steps: number) =>
      table.points.find((point) => point.rule === rule && point.steps === steps)!.calls;
    expect(calls('balanced', 4)).toBe(4);
    expect(calls('first-hitting', 10)).toBe(10);
    // Nearly every gene in the first of the steps.
    expect(calls('origin', 4)).toBe(1);
    const { header, rows } = decodeCsv('steps.csv', stepsFile(table));
    expect(header).toEqual([
      ...['rule', 'schedule', 'steps', 'calls', 'cells'],
      ...['corr_mse', 'corr_slope', 'sliced_w2', 'frechet', 'mean_pearson'],
    ]);
    expect(rows.map(([rule]) => rule)).toEqual([...table.points.map(({ rule }) => rule), 'floor', 'independent']);
    expect(Number(rows[0][5])).toBe(table.points[0].quality.corr_mse);
  });

  test('that were there before it was stopped are kept; before any there is nothing', async () => {
    const given = questionOf('mixture');
    const place = await placeOf(given, null);
    const abort = new AbortController();
    const hooks = { ...QUIET, signal: abort.signal };
    const table = await measureSteps(given.question, place, {
      ...hooks,
      point: () => abort.abort(new Error('enough')),
    });
    expect(table.points).toHaveLength(1);
    expect(table.stopped).toBe(true);
    await expect(measureSteps(given.question, place, { ...hooks, point: () => undefined })).rejects.toThrow('enough');
  });

  test('are the same from the page and from the command line', async () => {
    const path = new URL('../../public/examples/regulatory.h5ad', import.meta.url).pathname;
    const csv = join(folder, 'steps.csv');
    const out: string[] = [];
    const io = {
      out: { write: (text: string) => out.push(text) },
      err: { write: (text: string) => out.push(text) },
      onInterrupt: () => () => undefined,
    };
    const flags = '--model mixture --genes 12 --seed 7 --steps 2 --rule tweedie --cells 20 --backend cpu --quiet';
    const args = ['cells-steps', '--data', path, ...flags.split(' '), '--csv', csv];
    const code = await runCli(args, { registry, io, version: '1', commands: [addCellsTables] });
    expect(out.join('')).toContain('tweedie');
    expect(code).toBe(0);
    const { input } = await readData('regulatory.h5ad', new Uint8Array(readFileSync(path)));
    const told: StepsEvent[] = [];
    const job = stepsJob({
      registry,
      inputs: { files: { data: input } },
      gpu: async () => null,
      post: (event: unknown) => told.push(event as StepsEvent),
    } as unknown as Parameters<typeof stepsJob>[0]);
    const config = { ...configOf({ model: 'mixture', genes: 12 }), seed: 7 };
    const { reply } = await job.start({ config, steps: [2], rules: ['tweedie'], cells: 20 }, SIGNAL);
    expect(stepsFile(reply)).toBe(readFileSync(csv, 'utf8'));
    expect(told.filter(({ type }) => type === 'point')).toHaveLength(1);
  });
});

describe('precisions', () => {
  test('logits are compared row by row', () => {
    const exact = Float32Array.of(0, 0, 2, 0);
    expect(compareLogits(exact, exact, Uint32Array.of(1, 2 ** 31), 2)).toEqual({
      ...{ rows: 2, maxOverRms: 0, kl: 0, argmaxDiffers: 0, flips: 0 },
    });
    // The first row goes from (½, ½) to (¼, ¾): a uniform number between them falls on another token.
    const found = Float32Array.of(0, Math.log(3), 2, 0);
    const { kl, flips, argmaxDiffers } = compareLogits(exact, found, Uint32Array.of(0.4 * 2 ** 32, 0), 2);
    expect(kl).toBeCloseTo(0.25 * Math.log(4 / 3), 6);
    expect([flips, argmaxDiffers]).toEqual([0.5, 0.5]);
  });

  test('the probe has the logits of the twin', async () => {
    const gpu = await openTestContext();
    const { loaded } = questionOf('network').question;
    const model = loaded.model as NetworkModel;
    const masked = maskedCells(loaded, model, 6, 1);
    const found = await probeLogits(gpu, model, masked, 'f32', defaultSizes);
    const settings = { ...{ genes: 10, bins: 5, temperature: 1, guidance: 1, steps: 0 } };
    const twin = new TwinNetworkPredictor(model.spec, model.weights, {
      ...settings,
      rule: 'tweedie',
      schedule: 'loglinear',
    });
    const rows = Uint32Array.from(masked.masked.flatMap((genes, cell) => genes.map((gene) => cell * 10 + gene)));
    const places = Uint32Array.from(masked.masked.flatMap((genes, cell) => genes.map(() => cell)));
    const plan = {
      ...{ genes: 10, steps: 1, rows, places, offsets: Uint32Array.of(0, rows.length) },
      ...{ cells: Uint32Array.from({ length: 6 }, (_, i) => i), cellOffsets: Uint32Array.of(0, 6) },
    };
    const piece = { step: 0, firstRow: 0, rows: rows.length, firstCell: 0, cells: 6, most: 10 };
    const labels = Uint32Array.from({ length: 12 }, (_, i) => (i % 2 ? masked.cellType : masked.perturbation)[i >> 1]);
    const exact = new Float64Array(rows.length * 5);
    await twin.predict({ plan, piece, tokens: masked.tokens, labels }, exact);
    const rms = Math.sqrt(exact.reduce((sum, value) => sum + value * value, 0) / exact.length);
    // f32 kernels: what the forward pass is held to.
    for (const [i, value] of exact.entries()) expect(Math.abs(found[i] - value)).toBeLessThan(2e-6 * rms);
    expect(gpu.ledger.current).toBe(0);
  });

  test('of a network lie beside f32, with bytes, and those that are lacking with the reason', async () => {
    const gpu = await openTestContext();
    const given = questionOf('network', { steps: 3 });
    const table = await measurePrecisions(given.question, await placeOf(given, gpu), {
      ...QUIET,
      row: () => undefined,
    });
    const lacks = !gpu.report.features.includes('shader-f16');
    expect(table.rows.map(({ precision }) => precision)).toEqual([
      ...['f32', 'f16-storage', ...(lacks ? [] : ['f16']), 'bf16-storage'],
    ]);
    expect(table.lacking).toEqual(lacks ? [{ precision: 'f16', reason: expect.stringContaining('shader-f16') }] : []);
    const [f32, half] = table.rows;
    const bfloat = table.rows.at(-1)!;
    expect(f32.logits).toMatchObject({ maxOverRms: 0, kl: 0, flips: 0 });
    expect(f32.tokensDiffer).toBe(0);
    expect(half.logits.kl).toBeGreaterThan(0);
    expect(bfloat.logits.kl).toBeGreaterThan(half.logits.kl);
    // Biases and conditioning stay as they are: much of so small a network.
    expect(half.bytes.weights).toBeLessThan(0.85 * f32.bytes.weights);
    expect(half.bytes.others).toBe(f32.bytes.others);
    expect(table.claims).toHaveLength(table.rows.length - 1);
    expect(table.claims[0]).toMatch(/^f16-storage: .*times the cells per second of f32.*claimed.*KL/);
    expect(table.again).toBeDefined();
    const { header, rows } = decodeCsv('precision.csv', precisionFile(table));
    expect(rows.map(([mode]) => mode)).toEqual([
      ...table.rows.map(({ precision }) => precision),
      ...['f32_other_seeds', 'floor', 'independent', ...table.lacking.map(({ precision }) => precision)],
    ]);
    for (const row of rows) expect(row).toHaveLength(header.length);
    const [columns] = precisionRows(table);
    for (const row of precisionRows(table)) expect(row).toHaveLength(columns.length);
    expect(gpu.ledger.current).toBe(0);
  });

  test('a mixture has none', async () => {
    const given = questionOf('mixture');
    const measured = measurePrecisions(given.question, await placeOf(given, null), { ...QUIET, row: () => undefined });
    await expect(measured).rejects.toThrow('Choose a network');
  });
});
