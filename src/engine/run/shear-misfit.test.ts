/** Images that model and noise do not describe, through a whole run: marked, told, never sampled again, and so in the bundle. */
import { expect, test } from 'vitest';
import type { ImageStack } from '../../bundle/images.ts';
import { zipBundle } from '../../bundle/zip.ts';
import { posteriorSummaries } from '../../results/posterior/narrow.ts';
import { workloads } from '../../workloads/index.ts';
import { smoothedNormals } from '../../workloads/shear/test-support/noise.ts';
import { findWorkload, parseRunConfig } from '../config/run-config.ts';
import { wholeBundle } from '../files/bundle-files.ts';
import { openBundle } from '../files/open-bundle.ts';
import { planRun } from '../plan/plan-run.ts';
import { collectBundle } from '../test-support/collect.ts';
import { RunController } from './controller.ts';

const [SIZE, COUNT, SIGMA] = [24, 4, 0.2];
const params = { profile: 'gaussian', stampSize: SIZE, halfLightRadiusArcsec: 0.2, noiseSigma: SIGMA };

/** A round Gaussian galaxy of flux 1000 in the centre, hlr 2 px and PSF 1 px as configured, and noise as given. */
function images(noise: (seed: number) => ArrayLike<number>): ImageStack {
  const variance = (2 / Math.sqrt(2 * Math.LN2)) ** 2 + 1 + 1 / 12;
  const pixels = Float32Array.from({ length: COUNT * SIZE * SIZE }, (_, at) => {
    const i = at % (SIZE * SIZE);
    const [x, y] = [(i % SIZE) + 0.5 - SIZE / 2, Math.floor(i / SIZE) + 0.5 - SIZE / 2];
    return (1000 / (2 * Math.PI * variance)) * Math.exp((-0.5 * (x * x + y * y)) / variance);
  });
  for (let item = 0; item < COUNT; item++) {
    const values = noise(item);
    for (let i = 0; i < SIZE * SIZE; i++) pixels[item * SIZE * SIZE + i] += values[i];
  }
  return { name: 'mine.npy', n: COUNT, ny: SIZE, nx: SIZE, pixels, sha256: 'sha256:00' };
}

const noiseOf =
  (size: number, smoothing = 0) =>
  (seed: number) =>
    smoothedNormals(seed, SIZE, SIZE, smoothing).map((value) => size * value);

async function ran(stack: ImageStack, changes: object): Promise<RunController> {
  const config = parseRunConfig({ workload: 'shear', batch: { size: 2 }, params: { ...params, ...changes } });
  const plan = planRun(findWorkload('shear', workloads), config, { files: { images: stack } }, null);
  const run = new RunController({ plan, gpu: null, listener: {} });
  await run.run();
  return run;
}

const text = (files: ReadonlyMap<string, Uint8Array>, path: string) => new TextDecoder().decode(files.get(path));

test('correlated noise of the right size: every item is marked, the run says by how much intervals are too narrow', async () => {
  const run = await ran(images(noiseOf(SIGMA, 1)), { draws: 120, warmup: 16 });
  const summaries = posteriorSummaries(run.store.summaries());
  for (const { fit, chi2PerDatum } of summaries) {
    expect(fit.residuals).toMatchObject({ correlated: true });
    expect(Math.abs(chi2PerDatum! - 1)).toBeLessThan(0.4);
  }
  const { files, resultId } = await collectBundle(run);
  const readme = text(files, 'README.md');
  expect(readme).toMatch(/\d of 4 converged .*; model and noise do not describe the images of 4 of 4\./);
  expect(readme).toMatch(
    /Warning: The noise of neighbouring pixels is correlated: 0\.\d+ ± 0\.02 along x, .* about [23](\.\d)? times too narrow\./,
  );
  expect(text(files, 'summary.csv').split('\n')[1]).toMatch(/,True$/);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of zipBundle((await wholeBundle({ run, report: null })).files)) pieces.push(piece);
  const opened = await openBundle('run.zip', new Blob(pieces), workloads);
  expect(opened.resultId).toBe(resultId);
  expect(opened.store.summaries()).toEqual(run.store.summaries());
  // What ids hash says nothing of residuals.
  expect(text(files, 'items.json')).not.toContain('neighbours');
});

test('noise that is larger than stated by 10: nothing is sampled again, and the reason is said', async () => {
  // So few draws that none converges; without a misfit all are sampled again.
  const few = { draws: 100, warmup: 16, integrator: 'leapfrog' };
  const run = await ran(images(noiseOf(10 * SIGMA)), few);
  const summaries = posteriorSummaries(run.store.summaries());
  expect(summaries.map(({ misfit, converged, attempts }) => [misfit, converged, attempts])).toEqual(
    Array(COUNT).fill([true, false, 1]),
  );
  expect(run.rescues).toEqual([]);
  const { files } = await collectBundle(run);
  expect(JSON.parse(text(files, 'failures.json')).not_sampled_again).toEqual([
    '4 realizations that did not converge were not sampled again: the model does not describe their images, and more draws would not change that.',
  ]);
  expect(text(files, 'README.md')).toMatch(
    /The pixels at the border scatter by (9|10)(\.\d)? times the noise that was given/,
  );
  const sound = await ran(images(noiseOf(SIGMA)), few);
  expect(sound.rescues[0]).toMatchObject({ rescue: 1, items: COUNT });
});
