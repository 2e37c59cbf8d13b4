/** A model taken apart in the page: metrics as they finish, each with its error, its control and a picture; one text read off. */
import { readFileSync } from 'node:fs';
import { expect, type Page, test } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { WORK_MS } from '../limits.ts';
import { openLockstep, openPart, openTab, runToEnd, screenshot } from './lockstep-page.ts';
import { inEveryLook, overflow } from './looks.ts';

/** The first preset with what makes its metrics small. */
const query = {
  workload: 'analysis',
  preset: 'first',
  stories: '2',
  longest: '6',
  sizes: ['analysis.pathSteps:3', 'analysis.deletionOrders:1', 'analysis.resamples:50'].join(','),
};

async function saved(page: Page, press: () => Promise<void>): Promise<{ name: string; text: string }> {
  const download = page.waitForEvent('download', { timeout: WORK_MS });
  await press();
  const file = await download;
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

test('tells what each metric takes, runs all of them, and shows each with its error, control and picture', async ({
  page,
}) => {
  await openLockstep(page, query);
  const live = page.getByTestId('analysis-live');
  await expect(live.getByRole('row')).toHaveCount(6);
  await expect(live.getByRole('row', { name: /^Ablation/ })).toContainText(/waiting.*MiB/);
  await runToEnd(page);
  await expect(live.getByRole('row', { name: /done/ })).toHaveCount(5);
  await expect(live.getByRole('row', { name: /^Attention/ })).toContainText(/±.*even attention to all keys/);
  await expectNoViolations(page, 'the metrics of a run');

  // From the list to the card of a metric that is folded until then.
  await live.getByRole('button', { name: 'Logit lens' }).click();
  await expect(page.getByRole('tab', { name: 'Results' })).toHaveAttribute('aria-selected', 'true');
  const lens = page.getByTestId('metric-logit-lens');
  await expect(lens.getByTestId('layer-token-map')).toBeVisible();

  // Which tokens counted, and how sure that is.
  const readOff = page.getByTestId('analysis-read-off');
  await expect(readOff).toContainText(/Of the logit of “.+” behind “.+” \(position \d\), “.+” at \d/);
  await expect(readOff).toContainText(/to within .+ %/);
  await expect(readOff).toContainText(/Over all texts: ΔL without head \d\.\d, .+ ± .+ nats/);
  const before = await readOff.textContent();
  await page.getByTestId('analysis-text').selectOption('1');
  await expect(readOff).not.toHaveText(before ?? '');

  // By keyboard: a token of the strip, a square of a map.
  const strip = page.getByTestId('metric-integrated-gradients').getByTestId('token-strip');
  await expect(strip).toContainText('story 2');
  await strip.locator('[data-token][tabindex="0"]').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(strip).toContainText(/Position 1, “.+”/);
  const map = lens.getByRole('application').first();
  await map.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowUp');
  await expect(lens).toContainText(/stream \d, position \d, “.+”: log p of the next token −?\d/);

  const svg = await saved(page, () => strip.getByRole('button', { name: /^SVG/ }).click());
  expect(svg.name).toBe('integrated-gradients-story-2.svg');
  expect(svg.text).toContain('</svg>');
  const csv = await saved(page, () => lens.getByRole('button', { name: /^CSV/ }).first().click());
  expect(csv.text.trim().split('\n').length).toBeGreaterThan(10);

  await openPart(page, 'Gradients and their noise');
  await expect(page.getByTestId('metric-gradients').getByTestId('two-values')).toContainText('TensorScope');
  await inEveryLook(page, async (look) => {
    await expectNoViolations(page, `results of analysis, ${look}`);
    expect(await overflow(page), look).toBeLessThanOrEqual(0);
    await screenshot(page, `analysis-${look}`);
  });
  await openTab(page, 'Learn');
  await expect(page.getByRole('heading', { name: /why the answer does not depend on the chunk/ })).toBeVisible();
  await expectNoViolations(page, 'what there is to learn of analysis');
});
