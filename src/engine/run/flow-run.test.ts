/** The engine with the flow experiment's own kernel: a run, its bundle, its precisions, on whatever Vulkan driver there is. */

import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { readPosteriorNetcdf } from '../../bundle/read-netcdf.ts';
import { zipBundle } from '../../bundle/zip.ts';
import type { GpuContext } from '../../gpu/context.ts';
import { closeTestContexts, openTestContext } from '../../gpu/testing.ts';
import { posterior, posteriorSummaries } from '../../results/posterior/narrow.ts';
import { flowInputs, observationFile } from '../../workloads/flow/test-support/network.ts';
import { flowWorkload } from '../../workloads/flow/workload.ts';
import type { Peek, RunInputs } from '../../workloads/workload.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { fromUrl, toUrl } from '../config/url-state.ts';
import { wholeBundle } from '../files/bundle-files.ts';
import { openBundle } from '../files/open-bundle.ts';
import { planRun, precisionsOn } from '../plan/plan-run.ts';
import { collectBundle } from '../test-support/collect.ts';
import { RunController, type RunListener } from './controller.ts';

let gpu: GpuContext;
let inputs: RunInputs;
beforeAll(async () => {
  gpu = await openTestContext();
  inputs = await flowInputs();
});
afterAll(closeTestContexts);

const params = { truthSource: 'prior', observations: 5, samples: 420, solver: 'euler', steps: 5 };
const configOf = (more: object = {}) => parseRunConfig({ workload: 'flow', preset: 'quick', params, ...more });

test('the cap on workgroups counts samples, of which each observation has many', () => {
  const limits = { ...gpu.report.limits, maxComputeWorkgroupsPerDimension: 10 };
  const { caps, shape, largestChunk } = planRun(flowWorkload, configOf(), inputs, { ...gpu.report, limits });
  const samplesPerWorkgroup = Number(shape.record.posteriorsPerWorkgroup);
  expect(shape.workgroupsPerItem).toBe(params.samples / samplesPerWorkgroup);
  // Dispatches are tiled over two dimensions.
  const most = Math.floor((100 * samplesPerWorkgroup) / params.samples);
  expect(caps.each.find(({ name }) => name === 'workgroups')?.largestChunk).toBe(most);
  expect(largestChunk).toBe(Math.min(most, 5));
});

function makeRun(device: GpuContext | null, more: object = {}, listener: RunListener = {}): RunController {
  const plan = planRun(flowWorkload, configOf(more), inputs, device?.report ?? null);
  return new RunController({ plan, gpu: device, listener });
}

test('chunks of 1, 2 and 5 give byte-equal posterior files and one result id, and all memory comes back', async () => {
  const files: Map<string, Uint8Array>[] = [];
  const ids = new Set<string>();
  for (const size of [1, 2, 5]) {
    const run = makeRun(gpu, { batch: { size } });
    const outcome = await run.run();
    expect(outcome).toMatchObject({ state: 'finished', failed: [], progress: { items: { done: 5 } } });
    expect(outcome.progress.memory).toMatchObject({ currentBytes: 0, peakBytes: run.plan.totalBytes });
    const bundle = await collectBundle(run);
    ids.add(bundle.resultId);
    files.push(new Map([...bundle.files].filter(([path]) => path.endsWith('.nc'))));
  }
  expect(ids.size).toBe(1);
  expect([...files[0].keys()]).toHaveLength(6);
  for (const other of files.slice(1))
    for (const [path, bytes] of files[0]) expect(Buffer.from(bytes).equals(other.get(path)!), path).toBe(true);
});

test('summaries are those of independent draws; files say nothing of chains', async () => {
  const run = makeRun(gpu);
  await run.run();
  const [summary] = posteriorSummaries(run.store.summaries());
  expect(summary).toMatchObject({ sampling: 'independent', bfmi: [], divergences: 0, converged: true, problems: [] });
  const [theta] = summary.parameters;
  expect(theta).toMatchObject({ name: 'theta_1', essBulk: 420, essTail: 420, rhat: Number.NaN });
  expect(theta.mcse).toBeCloseTo(theta.sd / Math.sqrt(420), 12);
  const { files } = await collectBundle(run);
  const text = (path: string) => new TextDecoder().decode(files.get(path));
  const [header, row] = text('summary.csv').split('\n');
  expect(header).toContain(
    'theta_3_mcse,draws,rejected_frac,prior_predictive_p,posterior_predictive_p,passed_convergence,seed',
  );
  expect(header).not.toMatch(/rhat|divergence/);
  expect(row).not.toContain('NaN');
  const folder = summary.info.runId;
  expect(folder).toBe('gaussian_00000_s42');
  expect(JSON.parse(text(`${folder}/convergence.json`))).toMatchObject({ sampling: 'independent', n_samples: 420 });
  expect(JSON.parse(text(`${folder}/truth.json`))).toEqual({ ...summary.info.truth, seed: 42 });
  expect(text('README.md')).toContain('5 of 5 have at least 400 independent draws');
  expect(text('README.md')).not.toMatch(/diverg|R-hat/);
  const netcdf = await readPosteriorNetcdf(files.get(`${folder}/posterior.nc`)!);
  expect(netcdf).toMatchObject({
    chains: 1,
    draws: 420,
    attributes: { inference_method: 'flow', compute_precision: 'f32' },
  });
  expect(netcdf.stats.map(({ name }) => name)).toEqual(['accepted_index']);
  expect(JSON.parse(text('run.json')).ran.loaded).toMatchObject({ name: 'gaussian.safetensors' });
});

test('fewer draws than chains would need effective ones are told', async () => {
  const run = makeRun(null, { params: { ...params, samples: 60, observations: 1 } });
  await run.run();
  expect(run.store.summaries()[0]).toMatchObject({
    converged: false,
    passedLooser: false,
    problems: ['60 draws, fewer than 400'],
  });
});

test('a run comes back from its bundle to the last digit', async () => {
  const run = makeRun(gpu, { batch: { size: 3 }, precision: 'f16-storage' });
  await run.run();
  const whole = await wholeBundle({ run, report: run.report });
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of zipBundle(whole.files)) pieces.push(piece);
  const opened = await openBundle('run.zip', new Blob(pieces), [flowWorkload]);
  expect(opened.resultId).toBe(whole.resultId());
  expect(opened.config).toEqual(run.plan.config);
  const { name, sha256 } = inputs.files!.network!;
  expect(opened.ownFiles.network).toEqual({ name, sha256 });
  expect(new TextDecoder().decode((await collectBundle(run)).files.get('README.md'))).toContain(
    "run --config run.json --network 'gaussian.safetensors'`, your own files",
  );
  expect(opened.shape).toEqual(run.plan.shape.record);
  expect(opened.shape.precision).toBe('f16-storage');
  expect(opened.store.items()).toEqual(run.store.items());
  expect(opened.store.summaries()).toEqual(run.store.summaries());
});

test('an observation that the simulator cannot make is not complete, in the run and back from its bundle', async () => {
  const images = observationFile([
    [1, 1.2, 0.6],
    [3.5, 1, 1],
  ]);
  const own = await flowInputs({}, { images });
  const config = parseRunConfig({ workload: 'flow', preset: 'quick', params: { samples: 420, rejectOutside: false } });
  const run = new RunController({ plan: planRun(flowWorkload, config, own, gpu.report), gpu, listener: {} });
  await run.run();
  const [good, bad] = posteriorSummaries(run.store.summaries());
  expect(good).toMatchObject({ converged: true, passedLooser: true, problems: [] });
  expect(good.predictive!.prior).toBeGreaterThan(0.01);
  expect(bad).toMatchObject({ converged: false, passedLooser: false });
  expect(bad.predictive!.prior).toBeLessThanOrEqual(0.001);
  expect(bad.problems[0]).toContain('the model hardly ever makes such data');
  const whole = await wholeBundle({ run, report: run.report });
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of zipBundle(whole.files)) pieces.push(piece);
  const opened = await openBundle('run.zip', new Blob(pieces), [flowWorkload]);
  expect(opened.store.summaries()).toEqual(run.store.summaries());
  const words = await flowWorkload.results.words();
  const summaries = posteriorSummaries(run.store.summaries());
  expect(words.verdict(summaries)).toMatch(/^1 of 2 have /);
  const { csv } = words.table(summaries);
  const column = csv.find(({ key }) => key === 'prior_predictive_p')!;
  expect(summaries.map((summary) => column.value!(summary))).toEqual(
    [good, bad].map(({ predictive }) => predictive!.prior),
  );
});

test('the live view is given particles', async () => {
  const peeks: Peek[] = [];
  // Held before its first step: a run left alone may be over before it is looked at.
  const run: RunController = new RunController({
    plan: planRun(flowWorkload, configOf(), inputs, null),
    gpu: null,
    paused: true,
    listener: {
      peek: (peek) => {
        peeks.push(peek);
        run.stop();
      },
    },
  });
  const ended = run.run();
  run.step();
  await ended;
  expect(peeks.length).toBeGreaterThan(0);
  for (const { large } of peeks) expect(large).toMatchObject({ dimension: 3 });
});

describe('precisions', () => {
  it('are those the experiment lists', () => {
    expect(configOf({ precision: 'f16-storage' }).precision).toBe('f16-storage');
    expect(configOf().precision).toBe('f32');
    expect(() => parseRunConfig({ workload: 'shear', precision: 'f16' })).toThrow(
      '"f16" is not offered by the experiment Shear; choose f32.',
    );
    const config = configOf({ precision: 'f16' });
    expect(toUrl(config)).toContain('precision=f16');
    expect(fromUrl(toUrl(config)).config).toEqual(config);
  });

  it('f16 is refused where the adapter has no shader-f16, with the reason', () => {
    const features = gpu.report.features.filter((name) => name !== 'shader-f16');
    const without = { ...gpu.report, features };
    const half = configOf({ precision: 'f16' });
    expect(() => planRun(flowWorkload, half, inputs, without)).toThrow(/needs the WebGPU feature shader-f16/);
    expect(precisionsOn(flowWorkload, without)).toEqual(['f32', 'f16-storage']);
    const having = { ...gpu.report, features: [...features, 'shader-f16'] };
    expect(planRun(flowWorkload, half, inputs, having).shape.record.precision).toBe('f16');
    expect(precisionsOn(flowWorkload, having)).toHaveLength(3);
    // The twin computes in f64 whatever is asked for.
    expect(planRun(flowWorkload, half, inputs, null).mode).toBe('cpu');
  });

  it('f16-storage halves the hidden weights and gives another result', async () => {
    const [single, half] = [makeRun(gpu), makeRun(gpu, { precision: 'f16-storage' })];
    const hidden = ({ plan }: RunController) => plan.buffers.buffers.find(({ name }) => name === 'hidden')!.bytes;
    expect(hidden(half)).toBe(hidden(single) / 2);
    for (const run of [single, half]) await run.run();
    const draws = ({ store }: RunController) => posterior(store.item(0)!).parameters[0].values;
    const differences = Array.from(draws(single), (value, i) => Math.abs(value - draws(half)[i]));
    const largest = Math.max(...differences);
    expect(largest).toBeGreaterThan(1e-6);
    expect(largest).toBeLessThan(5e-3);
  });
});
