/** Posterior samples along a trained flow, in the page: the network that ships, half precision, a network of one's own. */
import { join } from 'node:path';
import { expect, type Locator, test } from 'playwright/test';
import { root } from '../../scripts/locate.mjs';
import { expectNoViolations } from '../axe.ts';
import { WORK_MS } from '../limits.ts';
import { confirmData, exportBundle, openLockstep, openPart, openTab, runToEnd, screenshot } from './lockstep-page.ts';

const network = join(root, 'tests/flow/fixtures/gaussian.safetensors');
const query = { workload: 'flow', preset: 'quick', solver: 'euler', observation: '1,2', samples: '500' };

test('samples the posteriors of two observations, and hands them over', async ({ page }) => {
  await openLockstep(page, query);
  await page.getByTestId('run').press('Enter');
  // The keyboard keeps its place when Run is disabled, and when Pause is.
  await expect(page.getByTestId('pause')).toBeFocused();
  await expect(page.getByTestId('status')).toHaveText('done', { timeout: WORK_MS });
  await expect(page.getByRole('region', { name: 'Run', exact: true })).toBeFocused();
  await openTab(page, 'Results');
  await expect(page.getByText('2 of 2 complete')).toBeVisible();
  await expect(page.getByText('exact posterior', { exact: true })).toBeVisible();
  await expect(page.getByText('R̂')).toHaveCount(0);
  await expectNoViolations(page, 'the results of a flow run');
  await screenshot(page, 'flow-results');
  const { files, text } = await exportBundle(page);
  expect(files.filter((path) => path.endsWith('/posterior.nc')).sort()).toEqual([
    'gaussian_own-1/posterior.nc',
    'gaussian_own-2/posterior.nc',
  ]);
  const summary = text('summary.csv');
  expect(summary).toContain('gaussian_own-1');
  expect(summary).not.toContain('rhat');
});

test('takes another network and half precision', async ({ page }) => {
  await openLockstep(page, query);
  await page.getByTestId('file-drop').setInputFiles(network);
  await expect(page.getByText('a network for gaussian, 2 layers of 32')).toBeVisible();
  await page.getByRole('combobox', { name: 'Precision' }).selectOption('f16-storage');
  await runToEnd(page);
  const { text, name, zip } = await exportBundle(page);
  const run = JSON.parse(text('run.json'));
  expect(run).toMatchObject({
    precision: 'f16-storage',
    ran: { network: { name: 'gaussian.safetensors' }, loaded: { name: 'gaussian.safetensors' } },
  });
  // Brought back without its network it is not repeated with another one unasked.
  await page.getByRole('button', { name: 'Remove gaussian.safetensors' }).click();
  await page.getByTestId('file-drop').setInputFiles({ name, mimeType: 'application/zip', buffer: zip });
  await expect(page.getByTestId('opened-run')).toContainText('with the network gaussian.safetensors (sha256:');
  await page.getByTestId('run').click();
  await expect(page.getByTestId('network-dialog')).toContainText('A run with the network that ships');
  await expectNoViolations(page, 'a question about the network');
  await page.getByTestId('network-cancel').click();
  await expect(page.getByTestId('opened-run')).toContainText('That network is not loaded');
  await page.getByTestId('file-drop').setInputFiles(network);
  await expect(page.getByTestId('opened-run')).not.toContainText('That network is not loaded');
  await runToEnd(page);
});

test('takes observations as a table, tells truths from them, and refuses another shape', async ({ page }) => {
  await openLockstep(page, query);
  const drop = (name: string, text: string) =>
    page.getByTestId('file-drop').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await drop('mine.csv', 'a,b,c\n1,1.2,0.6\n0.2,1.9,1\n0.4,1,1.1\n');
  await expect(page.getByText('3 rows of 3 numbers')).toBeVisible();
  await expect(page.getByLabel('Observation', { exact: true })).toHaveText(/observation_00002/);
  await drop('far.csv', '1,1.2,0.6\n90,1.9,1\n');
  const far = page.getByText(
    /1 of 2 observations is unlike anything that prior and simulator make.*columns of far.csv/,
  );
  await expect(far).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(far).toHaveCount(0);
  await drop('far.csv', '1,1.2,0.6\n90,1.9,1\n');
  await expect(far).toBeVisible();
  await drop('mine.csv', 'a,b,c\n1,1.2,0.6\n0.2,1.9,1\n0.4,1,1.1\n');
  await expect(page.getByText(/unlike anything that prior/)).toHaveCount(0);
  await drop('truths.csv', 'theta_1,theta_2,theta_3\n0,0.2,-0.4\n');
  await expect(page.getByText('truths.csv has 1 rows, mine.csv has 3 observations').first()).toBeVisible();
  await page.getByRole('button', { name: 'Remove truths.csv' }).click();
  await drop('wrong.csv', '1,2\n3,4\n');
  await expect(
    page.getByText('wrong.csv has shape [2, 2], and Gaussian takes [n, 3] or [n, 3, 1]').first(),
  ).toBeVisible();
  await drop('broken.csv', '1,2,3\n4,five,6\n');
  await expect(page.getByText('line 2, column 2: "five" is no finite number').first()).toBeVisible();
  await expect(page.getByText('This form cannot be planned')).toBeVisible();
  // With a good file nothing of this is true any more.
  await drop('mine.csv', 'a,b,c\n1,1.2,0.6\n0.2,1.9,1\n');
  await expect(page.getByText('2 rows of 3 numbers')).toBeVisible();
  await expect(page.getByText('all 2 in one chunk')).toBeVisible();
  for (const text of ['wrong.csv', 'broken.csv', 'This form cannot be planned'])
    await expect(page.getByText(text)).toHaveCount(0);
});

test('each experiment keeps its form and its plan while another is looked at', async ({ page }) => {
  await openLockstep(page, query);
  await expect(page.getByText('all 2 in one chunk')).toBeVisible();
  const experiments = page.getByRole('navigation', { name: 'Experiment' }).getByRole('button');
  await experiments.filter({ hasText: 'Shear' }).click();
  expect(page.url()).not.toContain('workload=flow');
  // Until its own plan is there, none is shown.
  expect(await page.getByText('all 2 in one chunk').count()).toBe(0);
  await expect(page.getByTestId('memory-total')).toContainText(/\d/);
  await experiments.filter({ hasText: 'Flow' }).click();
  expect(page.url()).toContain('samples=500');
  await expect(page.getByText('all 2 in one chunk')).toBeVisible();
});

test('sends particles along the flow, follows the form, and shows what fewer evaluations cost', async ({ page }) => {
  await openLockstep(page, { ...query, solver: 'midpoint' });
  const facts = page.getByTestId('flow-facts');
  const time = page.getByTestId('flow-time');
  await expect(facts).toContainText('512 particles, 20.0 evaluations each', { timeout: WORK_MS });
  await expect(time).toHaveValue('1');
  const good = await distance(facts);
  await time.fill('0.5');
  await expect(page.getByRole('img', { name: '512 particles at time 0.50' })).toBeVisible();
  await expectNoViolations(page, 'particles on their way');
  await screenshot(page, 'flow-live');
  await page.getByTestId('flow-evaluations').fill('0');
  await expect(page.getByText('Midpoint × 2 steps = 4 evaluations a sample.')).toBeVisible();
  await expect(facts).toContainText('4.00 evaluations each', { timeout: WORK_MS });
  expect(await distance(facts)).toBeGreaterThan(2 * good);
});

test('shows the particles of a step, and adds a point for a run, also while another tab is open', async ({ page }) => {
  await openLockstep(page, query);
  await page.getByTestId('step').click();
  await expect(page.getByTestId('status')).toHaveText('paused', { timeout: WORK_MS });
  await expect(page.getByText('The run’s own particles, as they are.')).toBeVisible();
  await expect(page.getByTestId('flow-player')).toContainText('t = 0.02');
  await openTab(page, 'Results');
  await page.getByTestId('pause').click();
  await expect(page.getByTestId('status')).toHaveText('done', { timeout: WORK_MS });
  await openTab(page, 'Live');
  await page.getByText('The points as a table').click({ timeout: WORK_MS });
  const points = page.getByTestId('flow-cost-table').getByRole('row').filter({ hasText: 'Euler × 100' });
  await expect(points).toHaveCount(1, { timeout: WORK_MS });
});

test('measures quality, and puts it into the bundle', async ({ page }) => {
  // Two steps are far off, which a classifier learns in a moment; telling good samples from exact ones takes it half a minute.
  await openLockstep(page, { ...query, observation: '1', steps: '2' });
  await runToEnd(page);
  await openTab(page, 'Results');
  await page.getByTestId('quality-quick').click();
  await expect(page.getByTestId('quality-verdicts')).toContainText('gaussian_own-1', { timeout: WORK_MS });
  await expect(page.getByTestId('quality-quick')).toBeEnabled({ timeout: WORK_MS });
  await expect(page.getByTestId('quality-table')).toContainText('exact: 0.');
  const { files } = await exportBundle(page);
  expect(files).toContain('metrics.json');
});

test('compares precisions, stops when asked, and puts what it found into the bundle of the run', async ({ page }) => {
  await openLockstep(page, { ...query, observation: '1', steps: '10' });
  await page.getByTestId('file-drop').setInputFiles(network);
  await expect(page.getByText('a network for gaussian, 2 layers of 32')).toBeVisible();
  await openPart(page, 'What half precision costs');
  const compare = page.getByTestId('precisions-compare');
  await page.getByTestId('precisions-points').selectOption('1000');
  await compare.click();
  await expect(page.getByTestId('precisions-progress')).toContainText(/f32, run \d of 3/, { timeout: WORK_MS });
  // The device is taken: a run is refused, and nothing is lost by it.
  await page.getByTestId('run').click();
  await expect(page.getByText('Precisions are being compared')).toBeVisible();
  await page.getByTestId('precisions-stop').click();
  await expect(compare).toBeEnabled();
  await expect(page.getByTestId('precisions-table')).toHaveCount(0);
  await compare.click();
  const rows = page.getByTestId('precisions-table').locator('tbody tr');
  await expect(rows).toHaveCount(2, { timeout: WORK_MS });
  await expect(rows.nth(1)).toContainText('f16-storage');
  await expect(page.getByTestId('precisions-verdicts')).toContainText(
    /^.*f16-storage: (not )?as accurate as f32 \(.*of the velocity/,
  );
  await expect(page.getByText('does not offer shader-f16')).toBeVisible();
  await expectNoViolations(page, 'precisions compared');
  await screenshot(page, 'flow-precisions');
  await runToEnd(page);
  const { text } = await exportBundle(page);
  const { precisions } = JSON.parse(text('metrics.json'));
  expect(precisions).toMatchObject({
    observations: ['gaussian_own-1'],
    samples: 2000,
    file: { name: 'gaussian.safetensors' },
    costs: [
      { precision: 'f32', largest_difference: 0 },
      { precision: 'f16-storage', halved_buffers_ratio: 0.5 },
    ],
    lacking: [{ precision: 'f16' }],
  });
  const [{ network: f32 }, { network: halves }] = precisions.costs;
  expect(halves.matrix_bytes / f32.matrix_bytes).toBe(0.5);
  expect(halves.activation_bytes / halves.workgroup_samples).toBe(f32.activation_bytes / f32.workgroup_samples / 2);
});

test('trains from nothing, stops, and samples with what it learnt', async ({ page }) => {
  await openLockstep(page, query);
  await openPart(page, 'Train a network');
  await page.getByLabel('Training steps', { exact: true }).fill('100000');
  await page.getByLabel('Width', { exact: true }).fill('16');
  await page.getByLabel('Depth', { exact: true }).fill('2');
  // More than it can see before it is stopped, however fast the machine.
  await page.getByLabel('Simulations', { exact: true }).fill('10000000');
  await page.getByTestId('train-start').click();
  const facts = page.getByTestId('train-facts');
  await expect(facts).toContainText('training', { timeout: WORK_MS });
  await expect(page.getByText(/^Samples at step/)).toBeVisible({ timeout: WORK_MS });
  await page.getByTestId('train-pause').click();
  await expect(facts).toContainText('paused');
  const refused = page.getByText('A network is being trained; cannot look at the flow.');
  await page.getByTestId('flow-play').click();
  await expect(refused.first()).toBeVisible();
  await page.getByTestId('train-stop').click();
  await expect(facts).toContainText('stopped');
  await expect(refused).toHaveCount(0);
  await expect(facts).toContainText(/^Gaussian · stopped .* saw up to [\d,]+ of 10,000,000 simulations/);
  // What cannot be trained names its field, and costs nothing of what was trained before.
  for (const [typed, objection] of [
    ['abc', 'Training steps: "abc" is no number.'],
    ['0', 'Training steps: expected a whole number from 1 to 10,000,000, got 0.'],
  ]) {
    await page.getByLabel('Training steps', { exact: true }).fill(typed);
    await page.getByTestId('train-start').click();
    await expect(page.getByText(objection)).toBeVisible();
    await expect(page.getByLabel('Training steps', { exact: true })).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByRole('img', { name: /^Loss over/ })).toBeVisible();
  }
  await page.getByTestId('train-use').click();
  await expect(page.getByText(/in use: gaussian-\d+\.safetensors/)).toBeVisible();
  await expectNoViolations(page, 'a training that was stopped');
  await runToEnd(page);
});

/** Sliced W2 to the exact posterior, as the page tells it. */
async function distance(facts: Locator): Promise<number> {
  return Number(/\(sliced W2\) ([\d.e−-]+)/.exec((await facts.textContent()) ?? '')?.[1]);
}

test('shows the two moons forming from noise before anything is pressed, and stops when asked', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await openLockstep(page, { workload: 'flow' });
  const plane = page.locator(
    '[aria-label*="in the plane of theta_1 and theta_2, over draws from the exact posterior"]',
  );
  await expect(plane).toBeVisible();
  const before = await plane.boundingBox();
  const time = page.getByTestId('flow-time');
  const hold = page.getByTestId('flow-play');
  await expect(page.getByTestId('flow-facts')).toContainText('512 particles', { timeout: WORK_MS });
  await expect(hold).toHaveText('Hold');
  const seen = new Set<string>();
  await expect(async () => {
    seen.add(await time.inputValue());
    expect(seen.size).toBeGreaterThan(3);
  }).toPass();
  await hold.click();
  await expect(hold).toHaveText('Play');
  const held = await time.inputValue();
  await expectNoViolations(page, 'the first look at a flow');
  expect(await time.inputValue()).toBe(held);
  expect(await plane.boundingBox()).toEqual(before);
  await screenshot(page, 'flow-first-look');
});

test('shows where the two moons end, and no motion, to those who want none', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openLockstep(page, { workload: 'flow' });
  await expect(page.getByTestId('flow-facts')).toContainText('512 particles', { timeout: WORK_MS });
  await expect(page.getByTestId('flow-time')).toHaveValue('1');
  await expect(page.getByTestId('flow-play')).toHaveText('Play');
});

test('an observation that the simulator cannot make is neither complete nor measured, and says why', async ({
  page,
}) => {
  await openLockstep(page, { workload: 'flow', samples: '500' });
  const drop = (name: string, text: string) =>
    page.getByTestId('file-drop').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await drop('mine.csv', 'x1,x2\n1.07,0.63\n-0.64,0.16\n');
  await expect(page.getByText(/1 of 2 observations is unlike anything.*number 0, counted from 0/)).toBeVisible();
  // What no exact posterior is there for is not fetched for ever.
  await expect(page.getByTestId('flow-facts')).toContainText('observation_00000: there is no exact posterior');
  await drop('truths.csv', 'theta_1,theta_2\n0.1,0.2\n-99,0.1\n');
  await expect(
    page.getByText(/column theta_1: -99 is not allowed; the prior of theta_1 reaches from -1 to 1/).first(),
  ).toBeVisible();
  await drop('truths.csv', 'theta_1,theta_2\n,\n-0.8,-0.6\n');
  await expect(page.getByText(/-99 is not allowed/)).toHaveCount(0);
  await confirmData(page);
  await runToEnd(page);
  await openTab(page, 'Results');
  await expect(page.getByText('1 of 2 complete')).toBeVisible();
  await expect(page.getByText('the model hardly ever makes such data (prior p ≤ 0.001)').first()).toBeVisible();
  await expect(page.getByTestId('results-table')).toContainText('≤ 0.001');
  await page.getByTestId('quality-quick').click();
  await expect(page.getByTestId('quality-verdicts')).toContainText(
    'observation_00000: left out: there is no exact posterior',
    { timeout: WORK_MS },
  );
  await expect(page.getByTestId('quality-verdicts')).toContainText(/observation_00001: .* right/);
  // New observations: the old truths do not stay.
  await drop('other.csv', 'x1,x2\n-0.5,0.1\n');
  await expect(page.getByText('truths.csv was let go: it belonged to mine.csv')).toBeVisible();
});
