import { rmSync } from 'node:fs';
import { expect, test } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { readPosteriors } from '../posteriors.ts';
import { exportBundle, openLockstep, openTab, runToEnd, screenshot } from './lockstep-page.ts';

test('without WebGPU the page says so, picks a small preset and runs its f64 twin to the end', async ({ page }) => {
  await openLockstep(page);
  await expect(page.getByTestId('no-webgpu-banner')).toBeVisible();
  await expect(page.getByTestId('software-banner')).toHaveCount(0);
  await screenshot(page, 'twin-idle');
  await expectNoViolations(page, 'the page without WebGPU');

  expect(page.url()).toContain('preset=quick');
  // Fewer draws than it picks: twins are slow.
  await openLockstep(page, { preset: 'quick', draws: '40', warmup: '8' });
  await runToEnd(page);
  await expect(page.getByTestId('adapter-badge')).toContainText(/CPU|f64/i);
  await openTab(page, 'Results');
  await expect(page.getByTestId('results-table').locator('tbody tr').first()).toBeVisible();
  await screenshot(page, 'twin-results');

  const bundle = await exportBundle(page);
  try {
    expect(JSON.parse(bundle.text('environment.json'))).toMatchObject({
      mode: 'cpu',
      cpu: { name: 'f64 twin', precision: 'f64' },
    });
    const posteriors = Object.values(readPosteriors(bundle.folder));
    expect(posteriors.length).toBeGreaterThan(0);
    for (const { posterior } of posteriors) expect(posterior.g1.finite).toBe(true);
  } finally {
    rmSync(bundle.folder, { recursive: true });
  }
});

test('without WebGPU the flow experiment computes in f32 with ONNX Runtime, fetched from here when it runs', async ({
  page,
  baseURL,
}) => {
  const fetched: string[] = [];
  page.context().on('request', (request) => fetched.push(request.url()));
  await openLockstep(page, { workload: 'flow', preset: 'quick' });
  await expect(page.getByText('f32, on the CPU')).toBeVisible();
  expect(fetched.filter((url) => url.includes('ort'))).toEqual([]);
  await runToEnd(page);
  const library = fetched.filter((url) => /ort.*\.wasm$/.test(url));
  expect(library).toHaveLength(1);
  for (const url of fetched) expect(url.startsWith(baseURL!) || url.startsWith('blob:'), url).toBe(true);
  await openTab(page, 'Shader');
  await expect(page.getByRole('tabpanel')).toContainText(/f32 with ONNX Runtime Web \d/);
  const bundle = await exportBundle(page);
  try {
    const cpu = { name: expect.stringMatching(/^ONNX Runtime Web \d/), precision: 'f32' };
    expect(JSON.parse(bundle.text('environment.json'))).toMatchObject({ mode: 'cpu', cpu });
    expect(JSON.parse(bundle.text('run.json')).ran).toMatchObject({ mode: 'cpu', cpu });
  } finally {
    rmSync(bundle.folder, { recursive: true });
  }
});
