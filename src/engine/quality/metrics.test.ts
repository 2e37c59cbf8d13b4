/** metrics.json of a run, there and back. */

import { beforeAll, expect, test } from 'vitest';
import { FileError } from '../../bundle/file-error.ts';
import { zipBundle } from '../../bundle/zip.ts';
import { posteriorSummaries } from '../../results/posterior/narrow.ts';
import { metricsJson, readMetrics } from '../../results/posterior/quality/metrics-json.ts';
import type { RunQuality } from '../../results/posterior/quality/types.ts';
import { flowInputs } from '../../workloads/flow/test-support/network.ts';
import { flowWorkload } from '../../workloads/flow/workload.ts';
import type { RunInputs } from '../../workloads/workload.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { wholeBundle } from '../files/bundle-files.ts';
import { readme } from '../files/files-about.ts';
import { openBundle } from '../files/open-bundle.ts';
import { planRun } from '../plan/plan-run.ts';
import { RunController } from '../run/controller.ts';
import { gaussianWorkload } from '../test-support/gaussian.ts';
import { measureQuality, qualityQuestion } from './of-run.ts';

let run: RunController;
let quality: RunQuality;
const seen: number[] = [];

beforeAll(async () => {
  // Classifiers of few points take as long as those of many. These are the fewest draws that show a calibration.
  const params = { truthSource: 'prior', observations: 20, samples: 15, solver: 'euler', steps: 4 };
  const config = parseRunConfig({ workload: 'flow', preset: 'quick', params });
  const inputs: RunInputs = await flowInputs();
  run = new RunController({ plan: planRun(flowWorkload, config, inputs, null), gpu: null, listener: {} });
  await run.run();
  const question = await qualityQuestion(run, 'quick');
  quality = await measureQuality(
    question!,
    async () => undefined,
    ({ fraction }) => seen.push(fraction),
  );
});

async function bundleOf(measured?: RunQuality) {
  const whole = await wholeBundle({ run, report: null, quality: measured });
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of zipBundle(whole.files)) pieces.push(piece);
  return { blob: new Blob(pieces), id: whole.resultId() };
}

test('a run is compared on its first observations and calibrated on all', () => {
  expect(quality).toMatchObject({ size: 'quick', items: 20, failed: [], calibration: { n: 20, draws: 15 } });
  expect(quality.compared.map(({ index, points }) => [index, points])).toEqual([0, 1, 2, 3, 4].map((i) => [i, 15]));
  // What was thrown away for lying outside the prior is told by the numbers of the draws that were kept.
  const [first] = quality.compared;
  expect(first.outsidePrior).toBe(posteriorSummaries(run.store.summaries())[0].rejected);
  expect(seen.at(-1)).toBe(1);
});

test('a bundle with metrics.json comes back with them, to the last digit, under the same result id', async () => {
  const [measured, without] = [await bundleOf(quality), await bundleOf()];
  expect(measured.id).toBe(without.id);
  const opened = await openBundle('run.zip', measured.blob, [flowWorkload]);
  expect(opened.quality).toEqual(quality);
  expect(opened.store.items()).toEqual(run.store.items());
  expect(opened.store.items()[3].info.observation).toHaveLength(3);
  expect((await openBundle('run.zip', without.blob, [flowWorkload])).quality).toBeUndefined();
});

test('the README tells of it where it is there', async () => {
  const about = { each: 'a posterior of its own', files: [], python: '' };
  const words = await run.plan.workload.results.words();
  const text = readme(run, about, words, quality);
  expect(text).toContain('| `metrics.json` |');
  expect(text).toContain(`C2ST ${quality.mean!.c2st.value.toFixed(3)} (exact draws`);
  expect(text).toContain('Ranks of the truth over 20 observations');
  expect(readme(run, about, words)).not.toMatch(/metrics\.json|C2ST/);
});

test('it says what its numbers are; numbers that JSON has no word for come back as NaN', () => {
  const [item] = quality.compared;
  const broken = { ...quality, compared: [{ ...item, slicedW2: { value: Number.NaN, control: 1 } }], mean: null };
  const json = JSON.parse(metricsJson(broken));
  expect(json.definitions.c2st).toContain('sbibm');
  expect(Object.keys(json.definitions)).toEqual(
    expect.arrayContaining(Object.keys(json.observations[0]).filter((key) => /c2st|mmd2|sliced_w2|outside/.test(key))),
  );
  expect(json.observations[0].sliced_w2).toEqual({ value: null, control: 1 });
  expect(readMetrics('a.zip', json)).toEqual(broken);
});

test('a damaged metrics.json is refused by name', () => {
  const json = JSON.parse(metricsJson(quality));
  expect(() => readMetrics('a.zip', { ...json, size: 'huge' })).toThrow(FileError);
  expect(() => readMetrics('a.zip', { ...json, observations: 3 })).toThrow(/metrics\.json has 3 where a list belongs/);
  expect(() => readMetrics('a.zip', { ...json, mean: { ...json.mean, c2st: '0.5' } })).toThrow(
    /metrics\.json has "0\.5" where an object belongs/,
  );
});

test('an experiment without exact posteriors has no question to ask', async () => {
  const workload = gaussianWorkload();
  const config = parseRunConfig({ seed: 1, params: { means: [0], repeats: 1, draws: 60 } }, [workload]);
  const other = new RunController({ plan: planRun(workload, config, {}, null), gpu: null, listener: {} });
  await other.run();
  expect(await qualityQuestion(other, 'quick')).toBeUndefined();
});
