/** The user's own data on the page, as somebody with a FITS file meets it: found at once, shown, held against the form, confirmed, run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { root } from '../../scripts/locate.mjs';
import { decodeFits, encodeFits } from '../../src/bundle/fits.ts';
import { type Cards, concat, emptyPrimary, imageUnit } from '../../src/bundle/test-support/fits.ts';
import { expectNoViolations } from '../axe.ts';
import { WORK_MS } from '../limits.ts';
import { confirmData, exportBundle, openLockstep, openTab, runToEnd, screenshot } from './lockstep-page.ts';

const dialog = (page: Page) => page.getByTestId('data-dialog');
const facts = (page: Page) => page.getByTestId('data-facts');
const status = (page: Page) => page.getByTestId('status');

/** Galaxies of 0.2 arcsec a pixel, flux 100, noise 0.01, of which the first four have g1 = −0.02 and the last 0.03. */
const stamps = decodeFits('stamps.fits', new Uint8Array(readFileSync(join(root, 'public/examples/stamps.fits'))));
const pixels = Float32Array.from(stamps.data);
/** Their form on another telescope's preset: everything is right but the pixel scale, 0.263 arcsec there. */
const otherTelescope = { preset: 'level0-ngmix', flux: '100', psfSigmaArcsec: '0.2', noiseSigma: '0.01' };

function drop(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  return page
    .getByTestId('file-drop')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
}

test('the way in is on screen at once at three widths', async ({ page }) => {
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
    [390, 844],
  ]) {
    await page.setViewportSize({ width, height });
    await openLockstep(page);
    await expect(page.getByText('Your own data, or a bundle'), `${width}`).toBeInViewport({ ratio: 1 });
    // One line where the form stands above the views: one touch, and all of it is there.
    if (width === 390) {
      await expect(page.getByText('choose files')).toBeHidden();
      await page.getByRole('button', { name: /^Your own data, or a bundle/ }).click();
    }
    for (const name of ['on the page, or choose files', 'Try with an example and its preset'])
      await expect(page.getByText(name), `${name} at ${width}`).toBeInViewport({ ratio: 1 });
    // Not behind the bar that is docked at the bottom of narrow screens.
    await page.getByTestId('example-images').click();
    await expect(page.getByTestId('file-images')).toBeVisible();
  }
});

test('an example of truths brings its stamps; all of it is shown, asked about, and runs', async ({ page }) => {
  await openLockstep(page);
  await page.getByTestId('example-truth').click();
  await expect(page.getByTestId('file-images')).toContainText('8 images of 32 × 32 pixels');
  await expect(page.getByTestId('file-images').getByRole('img')).toHaveCount(6);
  await expect(page.getByTestId('file-images')).toContainText(/1 arcsec|2 arcsec/);
  await expect(page.getByTestId('file-truth')).toContainText('8 rows');
  await expect(facts(page)).toContainText('Pixel scale 0.2 arcsec, by the header (GS_SCALE).');
  await expect(facts(page)).toContainText(
    /Pixel noise σ 0\.01, by the header \(NOISESIG\); the borders of 8 stamps have 0\.0\d+ ±/,
  );
  await expect(facts(page)).toContainText('PSF: a Gaussian of σ 0.2 arcsec (1 px), by the form.');
  await expect(facts(page)).toContainText('Priors: g1 ~ N(0, 0.05)');
  await expect(facts(page).locator('[data-doubt]')).toHaveCount(0);
  await expect(page.getByText('Not used with your own data (5)')).toBeVisible();
  await expect(page.locator('#param-shearGrid')).toBeDisabled();
  await expect(page.locator('#param-flux')).toBeEnabled();
  await expectNoViolations(page, 'the preview of a file');
  await screenshot(page, 'own-data');

  await page.getByTestId('run').click();
  await expect(dialog(page)).toContainText('Pixel scale 0.2 arcsec');
  await expectNoViolations(page, 'the question about the data');
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
  await expect(status(page)).toHaveText('idle');

  await confirmData(page);
  await runToEnd(page);
  await openTab(page, 'Results');
  await expect(page.getByTestId('results-table').locator('tbody tr')).toHaveCount(8);

  // What was simulated has its settings again.
  await page.getByRole('button', { name: 'Remove stamps-truth.csv' }).click();
  await page.getByRole('button', { name: 'Remove stamps.fits' }).click();
  await expect(page.locator('#param-shearGrid')).toBeEnabled();
  await expect(page.getByText('Not used with your own data')).toHaveCount(0);
});

test('a header goes before the preset: its scale stands in the form, is used, and shears come out right', async ({
  page,
}) => {
  await openLockstep(page, { ...otherTelescope, noiseSigma: '0.003' });
  await expect(page.locator('#param-pixelScaleArcsec')).toHaveValue('0.263');
  const cards = { CTYPE1: 'RA---TAN', CTYPE2: 'DEC--TAN', CD1_1: 0.2 / 3600, CD1_2: 0, CD2_1: 0, CD2_2: 0.2 / 3600 };
  await drop(page, 'mine.fits', encodeFits(pixels, stamps.shape, cards));
  await expect(page.locator('#param-pixelScaleArcsec')).toHaveValue('0.2');
  await expect(page.getByText('From mine.fits (CDi_j).')).toBeVisible();
  await expect(facts(page)).toContainText('Pixel scale 0.2 arcsec, by the header (CDi_j).');
  // The noise is the form's, and the stamps say otherwise.
  const doubt = facts(page).locator('[data-doubt]');
  await expect(doubt).toContainText(
    'Pixel noise σ 0.003, by the form, the file states none, but the borders of 8 stamps have 0.0',
  );
  await expect(doubt).toContainText(/Intervals would be 3\.\d times too narrow/);
  await confirmData(page);

  // Confirmed was another noise.
  await page.locator('#param-noiseSigma').fill('0.01');
  await expect(doubt).toHaveCount(0);
  await expect(page.getByTestId('confirm-data')).toBeVisible();
  await page.getByTestId('run').click();
  await expect(dialog(page)).toContainText('Pixel noise σ 0.01');
  await page.getByTestId('data-confirm').click();
  await expect(status(page)).toHaveText('done', { timeout: WORK_MS });
  // No truths came with them: what compares with truths is left out.
  await openTab(page, 'Results');
  await expect(page.getByRole('heading', { name: 'Convergence' })).toBeVisible();
  await expect(page.getByRole('heading', { name: /^(Truth against estimate|Recovered bias|Calibration)/ })).toHaveCount(
    0,
  );
  const { text } = await exportBundle(page);
  expect(JSON.parse(text('run.json')).params).toMatchObject({ pixelScaleArcsec: 0.2, noiseSigma: 0.01 });
  const [header, ...rows] = text('summary.csv').trim().split(/\r?\n/);
  const column = (name: string) => header.split(',').indexOf(name);
  const means = rows.map((row) => row.split(',').map(Number)[column('g1_mean')]);
  const sds = rows.map((row) => row.split(',').map(Number)[column('g1_std')]);
  // Five widths of each: with 0.263 arcsec a pixel nothing would be near.
  means.forEach((mean, i) => {
    expect(Math.abs(mean - (i < 4 ? -0.02 : 0.03))).toBeLessThan(5 * sds[i]);
  });
  expect(Math.max(...sds)).toBeLessThan(0.01);

  // A number of one's own beside the header's contradicts it.
  await page.locator('#param-pixelScaleArcsec').fill('0.25');
  await expect(page.getByText(/0\.25 was chosen, and mine\.fits \(CDi_j\) says 0\.2/).first()).toBeVisible();
});

test('of several images in a file the page lets one be chosen, and another afterwards', async ({ page }) => {
  await openLockstep(page, { preset: 'quick' });
  const unit = (scale: number, cards: Cards) =>
    imageUnit(
      pixels.map((value) => scale * value),
      stamps.shape,
      cards,
    );
  await drop(page, 'two.fits', concat(emptyPrimary, unit(1, { EXTNAME: 'RED' }), unit(0.2, { EXTNAME: 'BLUE' })));
  const unitOf = page.getByTestId('choose-hdu');
  await expect(page.getByRole('region', { name: 'A choice about two.fits' })).toContainText(
    'several images that may be meant',
  );
  await expectNoViolations(page, 'a choice about a file');
  await unitOf.selectOption({ label: 'BLUE (HDU 2, 8 × 32 × 32)' });
  await expect(page.getByTestId('file-images')).toContainText('8 images of 32 × 32 pixels');
  await expect(facts(page)).toContainText(/held at 100 .* but the stamps hold (19|20)\.\d/);
  await unitOf.selectOption({ label: 'RED (HDU 1, 8 × 32 × 32)' });
  await expect(facts(page).locator('[data-doubt]')).toHaveCount(0);

  // Weights are never the data unasked, and may be asked for.
  await drop(page, 'wht.fits', concat(emptyPrimary, unit(1, { EXTNAME: 'SCI' }), unit(0.2, { EXTNAME: 'WHT' })));
  await expect(page.getByText('wht.fits')).toBeVisible();
  await expect(unitOf).toHaveValue('');
  await expect(unitOf.locator('option:checked')).toHaveText('SCI (HDU 1, 8 × 32 × 32)');
  await expect(unitOf.locator('option')).toHaveCount(2);
});

test('observations of a flow are shown as numbers, and run', async ({ page }) => {
  await openLockstep(page, { workload: 'flow' });
  await page.getByTestId('example-images').click();
  await expect(page.getByTestId('file-images')).toContainText('12 rows of 2 numbers');
  await expect(page.getByTestId('file-images')).toContainText('columns x_1, x_2');
  const table = page.getByRole('region', { name: 'First observations of two-moons.csv' });
  await expect(table.getByRole('row')).toHaveCount(6);
  await expect(table).toContainText('0.2309');
  await expect(facts(page)).toContainText('Observations of the task Two moons: 2 numbers each');
  await expectNoViolations(page, 'the preview of observations');
  await page.getByTestId('example-network').click();
  await expect(page.getByTestId('file-network')).toContainText('a network for two_moons');
  await page.locator('#param-samples').fill('500');
  await confirmData(page);
  await runToEnd(page);
  await expect(page.getByText('12 of 12').first()).toBeVisible();
  // Another file is another question, though all that is told of it is the same.
  await drop(page, 'others.csv', new TextEncoder().encode('x_1,x_2\n0.1,0.2\n'));
  await expect(page.getByTestId('file-images')).toContainText('others.csv');
  await expect(page.getByTestId('confirm-data')).toBeVisible();
});

test('three hundred thousand galaxies are not begun without a word on memory and time', async ({ page }) => {
  await openLockstep(page, { preset: 'quick', realizations: '100000' });
  const cost = page.getByTestId('run-cost');
  // 300,000 × 4 chains × 320 draws × 77 bytes.
  await expect(cost).toContainText('Results: 27.5 GiB');
  await expect(cost).toContainText(/Time: about .*(minutes|hours|days), a guess: no run of it has been timed/);
  await page.getByTestId('run').click();
  const question = page.getByTestId('cost-dialog');
  await expect(question).toContainText('The draws of 300,000 realizations take 27.5 GiB (29,568,000,000 bytes)');
  await expect(question).toContainText('Fewer realizations, or fewer draws of each, take less');
  await expectNoViolations(page, 'the question about cost');
  await screenshot(page, 'cost');
  await page.getByTestId('cost-cancel').click();
  await expect(status(page)).toHaveText('idle');

  // After a run the time is that of this adapter.
  await page.locator('#param-realizations').fill('2');
  await expect(cost).toHaveCount(0);
  await runToEnd(page);
  await page.locator('#param-realizations').fill('100000');
  await expect(cost).toContainText('by its last run on this adapter');
});
