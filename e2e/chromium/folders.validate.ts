/** A model of a gigabyte, dropped on the page: it is read, and writes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { writeModelFolder } from '../../scripts/evidence/activations/folder.ts';
import { LONG_TEST_MS } from '../limits.ts';
import { dropFolder } from './drop-folder.ts';
import { openLockstep } from './lockstep-page.ts';

const asked = {
  workload: 'activations',
  maxNewTokens: '4',
  batch: '2',
  precision: 'bf16-storage',
  position: 'response[:]',
};

let scratch: string;
test.beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-folders-'));
});
test.afterAll(() => rmSync(scratch, { recursive: true }));

test('a model of a gigabyte is dropped, read where it lies, and writes', async ({ page }) => {
  const model = join(scratch, 'Gigabyte');
  await writeModelFolder(model, { layers: 62, dtype: 'F32', shards: 4 });
  await openLockstep(page, asked);
  const dropped = performance.now();
  await dropFolder(page, model);
  await expect(page.getByTestId('folder-reading')).toContainText(
    /Gigabyte: 94\d\.\d MiB \(99\d,\d+,\d+ bytes\) in 8 files/,
  );
  await expect(page.getByTestId('file-model')).toContainText('62 blocks of 576', { timeout: LONG_TEST_MS });
  const read = performance.now();
  const text = (name: string, words: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(words) });
  await page.getByTestId('file-drop').setInputFiles([text('positive.txt', 'The sun'), text('negative.txt', 'Nobody')]);
  await expect(page.getByTestId('file-trait')).toContainText('2 texts: 1 positive, 1 negative');
  await page.getByTestId('run').click();
  await expect(page.getByTestId('status')).toHaveText(/done|failed/, { timeout: LONG_TEST_MS });
  await expect(page.getByTestId('status')).toHaveText('done');
  const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(0);
  console.log(`read and hashed in ${seconds(dropped, read)} s, ran in ${seconds(read, performance.now())} s`);
});
