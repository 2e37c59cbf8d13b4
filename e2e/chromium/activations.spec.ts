/** What goes on inside a model, in the page: which layer knows a trait, stories that are pushed along it, a text followed token by token. */
import { expect, test } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { WORK_MS } from '../limits.ts';
import { openLockstep, openPart, openTab, runToEnd, screenshot } from './lockstep-page.ts';

test('fits vectors to a run, steers stories by the one that is chosen by keyboard, and follows a text along it', async ({
  page,
}) => {
  await openLockstep(page, { workload: 'activations', preset: 'first', position: 'prompt[-1]' });
  await runToEnd(page);
  await openTab(page, 'Results');
  await expect(page.getByTestId('vectors-verdict')).toContainText('held-out AUC', { timeout: WORK_MS });
  await expect(page.getByTestId('vector-controls')).toContainText('labels shuffled');

  // From the first cell two layers down, as fitted by the mean difference.
  const map = page.getByTestId('vector-map');
  const cell = map.getByRole('button', { name: /^Mean difference of residual 2/ });
  await map.getByRole('button', { name: /^Mean difference of residual 0/ }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(cell).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(cell).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByTestId('vector-picked')).toContainText('Mean difference of residual 2 at prompt[-1]');
  await expectNoViolations(page, 'the map of vectors');
  await screenshot(page, 'activations-results');
  const download = page.waitForEvent('download');
  await page.getByTestId('vector-save').click();
  expect((await download).suggestedFilename()).toMatch(/\.safetensors$/);

  await page.getByTestId('vector-steer').click();
  await page.getByTestId('steer-start').click();
  const steered = page.getByTestId('steer-counts').getByRole('row', { name: /^steered/ });
  const stories = page.getByTestId('steer-texts');
  await expect(steered.getByRole('cell').last()).toHaveText(/\d/, { timeout: WORK_MS });
  const before = await stories.textContent();
  const slider = page.getByTestId('steer-strength');
  await slider.focus();
  for (let press = 0; press < 15; press++) await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('slider', { name: /Strength/ })).toHaveAttribute('aria-valuetext', /^−0\.25/);
  await expect(stories).not.toHaveText(before ?? '', { timeout: WORK_MS });
  await expectNoViolations(page, 'steered stories');
  await screenshot(page, 'activations-steer');

  // It gives way without being stopped.
  await openPart(page, 'Watch a text');
  await page.getByTestId('trace-start').click();
  const token = page.getByTestId('trace-map');
  await expect(token).toBeVisible({ timeout: WORK_MS });
  await token.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByTestId('trace-spot')).toHaveText(
    /^Token 2 of \d+, “Tom” \(given\), residual 3: projection −?\d/,
  );
  await expectNoViolations(page, 'a text that is followed');
  await screenshot(page, 'activations-trace');
});
