/** Folders of the user's own: dropped or chosen, read where they lie, given up, and given again to a run that goes on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { writeModelFolder } from '../../scripts/evidence/activations/folder.ts';
import { root } from '../../scripts/locate.mjs';
import { expectNoViolations } from '../axe.ts';
import { WORK_MS } from '../limits.ts';
import { dropFolder } from './drop-folder.ts';
import { holdInTheMiddle, openLockstep, screenshot } from './lockstep-page.ts';

const stories = join(root, 'public/models/stories');
const few = { workload: 'activations', texts: '4', maxNewTokens: '4', batch: '1' };

const model = (page: Page) => page.getByTestId('file-model');
const reading = (page: Page) => page.getByTestId('folder-reading');

let scratch: string;
/** A model of half a gigabyte whose weights are a hole in the disk. */
let large: string;
test.beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-folders-'));
  large = join(scratch, 'Large');
  await writeModelFolder(large, { layers: 30, dtype: 'F32', shards: 2, hollow: true });
});
test.afterAll(() => rmSync(scratch, { recursive: true }));

test('the folder of a model is taken by drop and by choice, and runs', async ({ page }) => {
  await openLockstep(page, few);
  await dropFolder(page, stories);
  await expect(model(page)).toContainText('stories');
  await page.getByRole('button', { name: 'Remove stories' }).click();
  await expect(model(page)).toHaveCount(0);
  await page.getByTestId('folder-choose').setInputFiles(stories);
  await expect(model(page)).toContainText('a llama of');
  await screenshot(page, 'folder-taken');
  await expectNoViolations(page, 'A folder');
  await page.getByTestId('run').click();
  await expect(page.getByTestId('status')).toHaveText(/done|failed/, { timeout: WORK_MS });
  await expect(page.getByTestId('status')).toHaveText('done');
});

test('what there is of a large folder is said before it is read, and reading can be given up', async ({ page }) => {
  await openLockstep(page, few);
  await dropFolder(page, large);
  await expect(reading(page)).toContainText(/Large: 51\d\.\d MiB \(53\d,\d+,\d+ bytes\) in 6 files/);
  await expect(reading(page)).toContainText(/Read where they lie, [1-9]\d* %/);
  await screenshot(page, 'folder-reading');
  await page.getByTestId('folder-cancel').click();
  await expect(reading(page)).toHaveCount(0);
  await expect(model(page)).toHaveCount(0);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a run that was cut short asks for its folder again, and goes on with it', async ({ page }) => {
  page.on('dialog', (dialog) => void dialog.accept());
  const many = { ...few, texts: '40', maxNewTokens: '24' };
  const finished = async () =>
    Number((await page.getByRole('tab', { name: 'Results' }).getAttribute('data-count')) || 0);
  await openLockstep(page, many);
  await page.getByTestId('folder-choose').setInputFiles(stories);
  await expect(model(page)).toBeVisible();
  await holdInTheMiddle(page, 1);
  await openLockstep(page, many);
  await page.getByTestId('resume-run').click();
  await expect(page.getByText(/reads in the folder stories \(.* in 4 files\), of which no copy is made/)).toBeVisible();
  await page.getByTestId('folder-choose').setInputFiles(stories);
  await expect(model(page)).toBeVisible();
  await page.getByTestId('resume-run').click();
  await expect(page.getByTestId('resume-banner')).toHaveCount(0);
  await expect(page.getByTestId('status')).toHaveText('done', { timeout: WORK_MS });
  expect(await finished()).toBe(80);
});
