/** Cells drawn in the page: masks that dissolve, a rule that forgets how genes go together, hidden genes filled in. */
import { expect, test } from 'playwright/test';
import type { PageConsole } from '../../src/workloads/cells/views/offer-console.ts';
import { expectNoViolations } from '../axe.ts';
import { WORK_MS } from '../limits.ts';
import { openLockstep, openTab, runToEnd, screenshot } from './lockstep-page.ts';

/** The mixture needs no network, so both rules and the run take moments. */
const query = { workload: 'cells', preset: 'first', model: 'mixture', cells: '64', steps: '16' };

test('shows what dissolves and why the origin’s rule fails, then draws cells and compares them with real ones', async ({
  page,
}) => {
  await openLockstep(page, query);
  // Unasked: both rules with the same predictor, and what each does to how genes go together.
  const verdicts = page.getByTestId('cells-verdicts').getByRole('listitem');
  await expect(verdicts).toHaveCount(2, { timeout: WORK_MS });
  await expect(verdicts.nth(0)).toContainText('genes go together as the predictor has it');
  await expect(verdicts.nth(1)).toContainText('every gene forgets every other');
  const slope = page.getByTestId('cells-rules').getByRole('row', { name: /The origin’s rule/ });
  await expect(slope.getByRole('cell').nth(1)).toHaveText(/^−?0\.0\d$/);

  // The scrubber goes to the first step: of the origin's rule nothing is left to see.
  const time = page.getByTestId('cells-time');
  await time.fill('1');
  await expect(page.getByRole('region', { name: 'The origin’s rule × 16' })).toContainText(
    'step 1 of 17: 100 % revealed',
  );
  await expect(page.getByRole('region', { name: 'Tweedie × 16' })).toContainText(/step 1 of 17: [0-9] % revealed/);

  // Any gene of any cell by keyboard.
  const map = page.getByRole('application', { name: /Tweedie × 16/ });
  await map.focus();
  await map.press('ArrowRight');
  await map.press('Shift+ArrowRight');
  await expect(page.getByRole('region', { name: 'Tweedie × 16' })).toContainText(/Cell \d+, \w+: (masked|\d+)/);
  await expectNoViolations(page, 'films of cells');
  await screenshot(page, 'cells-live');

  await runToEnd(page);
  await expect(page.getByTestId('cells-rules')).toContainText('This run, Tweedie × 16');
  await openTab(page, 'Results');
  await expect(page.getByTestId('cells-results-verdict')).toContainText('Together:');
  await expect(page.getByTestId('cells-genes')).toBeVisible();
  await page.getByTestId('cells-measure').click();
  await expect(page.getByTestId('cells-metrics')).toContainText('Fréchet distance', { timeout: WORK_MS });
  await expectNoViolations(page, 'results of cells');
  await screenshot(page, 'cells-results');
});

test('fills in hidden genes and leaves known ones; labels of the data are a press away', async ({ page }) => {
  await openLockstep(page, { ...query, preset: 'impute', cells: '16', hidden: '0.1' });
  const film = page.getByRole('region', { name: /Tweedie × 16/ });
  await expect(film).toContainText(/revealed/, { timeout: WORK_MS });
  await page.getByTestId('cells-time').fill('0');
  // Nine genes of ten stand there before the first step.
  await expect(film).toContainText('step 0 of 17: 0 % revealed');
  await runToEnd(page);
  await openTab(page, 'Results');
  await expect(page.getByTestId('results-table').getByRole('row').nth(1)).toContainText(/\d+\.\d %/);
  await page.getByTestId('cells-measure').click();
  const metrics = page.getByTestId('cells-metrics');
  await expect(metrics.getByRole('row', { name: /Imputed exactly/ })).toBeVisible({ timeout: WORK_MS });

  await page.getByRole('combobox', { name: 'What to do' }).selectOption('perturbation');
  await page.getByRole('button', { name: 'RegB', exact: true }).click();
  await expect(page.getByLabel('Perturbation', { exact: true })).toHaveValue('RegB');
  await openTab(page, 'Learn');
  await expect(page.getByRole('heading', { name: 'Why the origin’s rule fails' })).toBeVisible();
  await expectNoViolations(page, 'what there is to learn of cells');
});

test('draws cells from the console under the names of the origin, equal for any batch', async ({ page }) => {
  await openLockstep(page, query);
  await expect(page.getByTestId('cells-verdicts')).toBeVisible({ timeout: WORK_MS });
  const drawn = await page.evaluate(async () => {
    const { lockstep } = globalThis as unknown as { lockstep: PageConsole };
    const options = { n_cells: 3, num_steps: 2, use_amp: true, seed: 5 };
    const all = await lockstep.sample({ ...options, batch_size: 3 });
    const single = await lockstep.sample({ ...options, batch_size: 1 });
    return { all: [...all.data], single: [...single.data], shape: all.shape, precision: all.precision };
  });
  expect(drawn).toMatchObject({ shape: [3, 64], precision: 'bf16-storage', single: drawn.all });
  expect(drawn.all.every((token) => token < 16)).toBe(true);
});
