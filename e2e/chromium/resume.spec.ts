import { createHash } from 'node:crypto';
import { expect, type Page, test } from 'playwright/test';
import { encodeNpy } from '../../src/bundle/npy.ts';
import { expectNoViolations } from '../axe.ts';
import { WORK_MS } from '../limits.ts';
import {
  confirmData,
  exportBundle,
  holdInTheMiddle,
  openLockstep,
  openTab,
  runToEnd,
  screenshot,
} from './lockstep-page.ts';
import { inEveryLook } from './looks.ts';

/** A run that a reload cuts short goes on to the result it would have had. */
test.describe.configure({ mode: 'serial' });

/** Many small chunks, so that a reload falls between them. */
const problem = { preset: 'quick', shearGrid: '0.01', realizations: '24', draws: '32', warmup: '8', batch: '2' };

let page: Page;
let expected: string;
const problems: string[] = [];
const banner = () => page.getByTestId('resume-banner');

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext();
  page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  // A run under way asks before the page is left.
  page.on('dialog', (dialog) => void dialog.accept());
});

test.afterAll(() => page.context().close());

async function resultId(): Promise<string> {
  return JSON.parse((await exportBundle(page)).text('manifest.json')).result_id;
}

const finished = async () => Number((await page.getByRole('tab', { name: 'Results' }).getAttribute('data-count')) || 0);

/** Runs until some items have finished and others have not, then reloads. */
async function cutShort(): Promise<void> {
  await openLockstep(page, problem);
  await holdInTheMiddle(page, 3);
  await openLockstep(page, problem);
}

test('without a checkpoint there is no offer; the uninterrupted run says what to expect', async () => {
  await openLockstep(page, problem);
  await runToEnd(page);
  expected = await resultId();
  await openLockstep(page, problem);
  await openTab(page, 'History');
  await expect(page.getByTestId('history-table').locator('tbody tr')).toHaveCount(1);
  await expect(banner()).toHaveCount(0);
});

test('after a reload the run is offered, and goes on to the same result', async () => {
  await cutShort();
  await expect(banner()).toContainText(/A run of 24 realizations \(.*seed 42\) stopped at \d+, just now/);
  const done = Number(/stopped at (\d+)/.exec((await banner().textContent())!)![1]);
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(24);
  await inEveryLook(page, async (look) => {
    await screenshot(page, `resume-${look}`);
    await expectNoViolations(page, `Resume, ${look}`);
  });

  // The form may show another run by then.
  await openLockstep(page, { preset: 'level0' });
  await page.getByTestId('resume-run').click();
  await expect(banner()).toHaveCount(0);
  await expect.poll(finished).toBeGreaterThanOrEqual(done);
  expect(page.url()).toContain('preset=quick');
  await expect(page.getByTestId('status')).toHaveText('done', { timeout: WORK_MS });
  expect(await resultId()).toBe(expected);
  await openTab(page, 'History');
  await expect(page.getByTestId('history-table').locator('tbody tr')).toHaveCount(2);
  await openLockstep(page, problem);
  await openTab(page, 'History');
  await expect(page.getByTestId('history-table')).toBeVisible();
  await expect(banner()).toHaveCount(0);
});

test('another tab does not offer a run that goes on here', async () => {
  await holdInTheMiddle(page, 1);
  const other = await page.context().newPage();
  await openLockstep(other);
  // The history comes from the same worker: once it has answered, so has the question after runs.
  await openTab(other, 'History');
  await expect(other.getByTestId('history-table')).toBeVisible();
  await other.waitForFunction(() =>
    navigator.locks.query().then(({ held, pending }) => held?.length === 1 && !pending?.length),
  );
  await expect(other.getByTestId('resume-banner')).toHaveCount(0);
  await other.close();
  await openLockstep(page, problem);
  await expect(banner()).toBeVisible();
});

test('a damaged head: what has finished goes into the history instead', async () => {
  await page.evaluate(async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('checkpoints');
    for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys()) {
      const head = await (await root.getDirectoryHandle(name)).getFileHandle('head.lockstep');
      const writable = await head.createWritable();
      await writable.write('LOCKSTEP and then nothing of use');
      await writable.close();
    }
  });
  await openLockstep(page, problem);
  await expect(banner()).toContainText('cannot go on here bit for bit');
  await screenshot(page, 'resume-damaged');
  await page.getByTestId('keep-unfinished').click();
  await expect(page.getByTestId('opened-run')).toContainText('from the history');
  await expect(page.getByTestId('results-table').locator('tbody tr').first()).toBeVisible();
  await expect(banner()).toHaveCount(0);
});

test('a damaged chunk is run again, the page says so, and the result is the same', async () => {
  await cutShort();
  await page.evaluate(async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('checkpoints');
    for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys()) {
      const chunk = await (await root.getDirectoryHandle(name)).getFileHandle('chunk-000000.lockstep');
      const writable = await chunk.createWritable({ keepExistingData: true });
      await writable.write({ type: 'write', position: (await chunk.getFile()).size - 200, data: 'damage' });
      await writable.close();
    }
  });
  await page.getByTestId('resume-run').click();
  const message = /chunk-000000\.lockstep: its hash does not match.*counts as not run/;
  await expect(page.getByTestId('status')).toHaveText('done', { timeout: WORK_MS });
  // The end of the run has told something newer, which stands in front.
  await page.getByRole('button', { name: '1 more message' }).click();
  await expect(page.getByRole('region', { name: 'Messages' }).getByText(message)).toBeVisible();
  expect(await resultId()).toBe(expected);
});

test('a run is discarded for good, and one that is stopped is not offered', async () => {
  await cutShort();
  await page.getByTestId('discard-run').click();
  await expect(page.getByTestId('discard-run-confirm')).toHaveText(/^Discard \d+ finished$/);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('discard-run'), 'asked first').toBeVisible();
  await page.getByTestId('discard-run').click();
  await page.getByTestId('discard-run-confirm').click();
  await expect(banner()).toHaveCount(0);
  await page.getByTestId('run').click();
  await expect.poll(finished, { timeout: WORK_MS, intervals: [20] }).toBeGreaterThan(1);
  await page.getByTestId('stop').click();
  await expect(page.getByTestId('status')).toHaveText('stopped');
  await openTab(page, 'History');
  await expect(page.getByTestId('history-table').locator('tbody tr').first()).toContainText('stopped');
  await openLockstep(page, problem);
  await openTab(page, 'History');
  await expect(page.getByTestId('history-table')).toBeVisible();
  const left = await page.evaluate(async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('checkpoints');
    const names: string[] = [];
    for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
    return names;
  });
  expect(left).toEqual([]);
  await expect(banner()).toHaveCount(0);
});

test('a run of the user’s own images goes on with the file as it was', async () => {
  const [n, pixels] = [12, 32];
  const stamps = Float32Array.from({ length: n * pixels ** 2 }, (_, i) => {
    const [y, x] = [Math.floor(i / pixels) % pixels, i % pixels].map((at) => (at - (pixels - 1) / 2) / 3);
    return 2 * Math.exp(-0.5 * (x * x + y * y)) + 0.01 * Math.sin(i);
  });
  const few = { preset: 'quick', draws: '8', warmup: '8', batch: '1' };
  const choose = async (buffer: Buffer) => {
    await page
      .getByTestId('file-drop')
      .setInputFiles({ name: 'mine.npy', mimeType: 'application/octet-stream', buffer });
    await expect(page.getByText('12 images of 32 × 32 pixels')).toBeVisible();
  };
  const file = Buffer.from(encodeNpy(stamps, [n, pixels, pixels]));
  await openLockstep(page, few);
  await choose(file);
  await confirmData(page);
  await runToEnd(page);
  const whole = await resultId();
  await page.getByTestId('run').click();
  // Until it begins, what has finished is of the run before.
  await expect(page.getByTestId('status')).toHaveText('running');
  await expect.poll(finished, { timeout: WORK_MS, intervals: [20] }).toBeGreaterThan(2);

  await openLockstep(page, few);
  // Another file of that name and shape is in the form by then.
  await choose(Buffer.from(encodeNpy(stamps.fill(0.5), [n, pixels, pixels])));
  await expect(banner()).toContainText('A run of 12');
  await page.getByTestId('resume-run').click();
  await expect(page.getByTestId('status')).toHaveText('done', { timeout: WORK_MS });
  const { id, run } = await exportBundle(page).then((bundle) => ({
    id: JSON.parse(bundle.text('manifest.json')).result_id,
    run: JSON.parse(bundle.text('run.json')),
  }));
  expect(run.ran.images.sha256).toContain(createHash('sha256').update(file).digest('hex'));
  expect(id).toBe(whole);
});

test('the browser reported no error all along', () => {
  expect(problems).toEqual([]);
});
