import { readFileSync } from 'node:fs';
import { expect, type Page, test, type Worker } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { WORK_MS } from '../limits.ts';
import { openLockstep, openPart, openTab, runToEnd, screenshot } from './lockstep-page.ts';
import { inEveryLook, overflow } from './looks.ts';

/** Twelve small realizations: which batch size suits SwiftShader, and what the page says of it. */
test.describe.configure({ mode: 'serial' });

const problem = { preset: 'quick', realizations: '4', warmup: '8', draws: '8' };
/** The same with so many draws that tuning takes long enough to look at it. */
const longer = { ...problem, draws: '600' };

let page: Page;
let engine: Worker;
const problems: string[] = [];

test.beforeAll(async ({ browser }) => {
  page = await browser.newPage({ acceptDownloads: true });
  page.on('pageerror', (error) => problems.push(error.message));
});

test.afterAll(() => page.close());

/** Bytes of the buffers that were made since, and are not destroyed: counted beside the program, not by it. */
interface Counted {
  liveBytes: number;
  peakBytes: number;
}

async function countBytes(worker: Worker): Promise<void> {
  await worker.evaluate(() => {
    const counted = { liveBytes: 0, peakBytes: 0 };
    Object.assign(globalThis, { counted });
    const create = GPUDevice.prototype.createBuffer;
    GPUDevice.prototype.createBuffer = function (descriptor) {
      const buffer = create.call(this, descriptor);
      const destroy = buffer.destroy.bind(buffer);
      let alive = true;
      counted.liveBytes += descriptor.size;
      counted.peakBytes = Math.max(counted.peakBytes, counted.liveBytes);
      buffer.destroy = () => {
        if (alive) counted.liveBytes -= descriptor.size;
        alive = false;
        return destroy();
      };
      return buffer;
    };
  });
}

/** Opens the page on its tab, with the engine's buffers counted. */
async function openTuner(query: Record<string, string>): Promise<void> {
  const started = page.waitForEvent('worker', (worker) => /engine/.test(worker.url()));
  await openLockstep(page, query);
  engine = await started;
  await countBytes(engine);
  await openTab(page, 'Batch');
}

const counted = () => engine.evaluate(() => (globalThis as unknown as { counted: Counted }).counted);
const trials = () => page.getByTestId('trial-log').locator('tbody tr');

async function downloaded(button: string): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByTestId(button).click();
  return readFileSync(await (await download).path(), 'utf8');
}

test('Tune can be cancelled; its trials stay on the page, its memory does not', async () => {
  await openTuner(longer);
  await expect(page.getByTestId('tune')).toBeEnabled();
  await screenshot(page, 'tuner-idle');
  await page.getByTestId('tune').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('tune-going')).toBeVisible();
  await expect(page.getByTestId('run'), 'the device is taken').toBeDisabled();
  await expect(trials().filter({ hasText: 'Ladder' }).first()).toBeVisible({ timeout: WORK_MS });
  const log = page.getByRole('region', { name: 'Trials of the tuner' });
  await expect
    .poll(() => log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight), {
      message: 'the newest trial is in view',
    })
    .toBeLessThanOrEqual(1);
  await screenshot(page, 'tuner-going');
  await expectNoViolations(page, 'the tuner at work');
  await page.getByTestId('tune-cancel').click();
  await expect(page.getByTestId('tune-cancelled')).toBeVisible();
  await expect(page.getByTestId('run')).toBeEnabled();
  const { liveBytes, peakBytes } = await counted();
  expect(peakBytes).toBeGreaterThan(0);
  expect(liveBytes).toBe(0);
});

test('a tuning ends with a sentence, and auto takes what it found', async () => {
  await openTuner(problem);
  await page.getByTestId('tune').focus();
  await page.keyboard.press('Enter');
  const sentence = page.getByTestId('tuning-sentence');
  await expect(sentence).toHaveText(/^\d+ realizations? fits?; \d+ is .* uses [\d.]+ KiB \([\d,]+ bytes\)\.$/, {
    timeout: WORK_MS,
  });
  await openPart(page, 'Trial log');
  for (const phase of ['Caps', 'Allocation', 'Ladder', 'Verification'])
    await expect(trials().filter({ hasText: phase }).first()).toBeVisible();
  await expect(trials().filter({ hasText: 'Verification' }).first()).toContainText(/passed.*Run for real/s);
  const log = page.getByRole('region', { name: 'Trials of the tuner' });
  expect(await trials().count()).toBeLessThanOrEqual(20);
  expect(
    await log.evaluate((box) => box.scrollHeight - box.clientHeight),
    'every trial is seen without scrolling',
  ).toBeLessThanOrEqual(0);
  await expect(page.getByRole('img', { name: /^Items per second over batch size: [1-9]/ })).toBeVisible();
  await expect(page.getByText(/Measured just now on SwiftShader/)).toBeVisible();
  const recommended = (await sentence.textContent())!.match(/; (\d+) is/)![1];
  await expect(page.getByTestId('tuning-applied')).toHaveText(`Batch size “auto” uses ${recommended}.`);
  expect((await counted()).liveBytes).toBe(0);
});

test('the comparison has a row for every batch, with cost, as CSV and as Markdown', async () => {
  const rows = page.getByTestId('comparison-table').locator('tbody tr');
  await page.getByTestId('price').fill('free');
  await expect(page.getByText('Give a price of 0 or more')).toBeVisible();
  await page.getByTestId('price').fill('3600');
  const batches = await rows.locator('td:first-child').allTextContents();
  expect(batches.slice(0, 3)).toEqual(['serial', '1', '2']);
  // The log says of a batch what the comparison says: its fastest attempt.
  const number = (text: string) => Number(text.replaceAll(',', ''));
  for (const row of await rows.all()) {
    const [batch, , rate] = await row.locator('td').allTextContents();
    const measured = trials().filter({ hasText: batch === 'serial' ? 'Serial' : 'Ladder' });
    const said = [];
    for (const trial of await measured.all()) {
      const cells = await trial.locator('td').allTextContents();
      if (cells[1] === batch) said.push(number(cells[4]));
    }
    expect(Math.max(...said), `batch ${batch}`).toBe(number(rate));
  }

  const [header, ...lines] = (await downloaded('comparison-csv'))
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  const column = (name: string) => lines.map((line) => line[header.indexOf(name)]);
  expect(column('batch')).toEqual(batches);
  expect(Number(column('speedup')[0])).toBe(1);
  for (const [i, seconds] of column('seconds').entries()) {
    expect(Number(seconds)).toBeGreaterThan(0);
    expect(Number(column('cost')[i]), 'a price of one a second').toBeCloseTo(Number(seconds), 9);
    expect(Number(column('memory_bytes')[i])).toBeGreaterThan(0);
  }

  const markdown = await downloaded('comparison-md');
  expect(markdown).toMatch(/SwiftShader/);
  const cells = markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').slice(1, -1));
  expect(new Set(cells.map((row) => row.length)).size, 'all rows have the same cells').toBe(1);
  expect(cells.slice(2).map(([batch]) => batch.trim())).toEqual(batches);
});

test('what was found is there after a reload, can be used, and can be forgotten', async () => {
  const sentence = (await page.getByTestId('tuning-sentence').textContent())!;
  const recommended = sentence.match(/; (\d+) is/)![1];
  await openLockstep(page, { ...problem, batch: '1' });
  await openTab(page, 'Batch');
  await expect(page.getByTestId('tuning-sentence')).toHaveText(sentence);
  await expect(page.getByTestId('price'), 'the price is remembered').toHaveValue('3600');
  await page.getByTestId('use-tuned').click();
  await expect(page.getByTestId('tuning-applied')).toHaveText(`The batch size is ${recommended}.`);
  expect(page.url()).toContain(`batch=${recommended}`);

  await inEveryLook(page, async (look) => {
    await screenshot(page, `tuner-${look}`);
    await expectNoViolations(page, `the tuner's result, ${look}`);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });

  await page.getByTestId('forget-tuning').click();
  await expect(page.getByTestId('tuning-sentence')).toHaveCount(0);
  await expect(page.getByTestId('tune')).toHaveText('Tune');
});

test('asked for, it goes on beyond the run, for the speed alone', async () => {
  await openTuner({ ...problem, memory: '1' });
  await page.getByText(/^Go on beyond this run’s \d/).click();
  await page.getByTestId('tune').click();
  await expect(page.getByTestId('tuning-beyond')).toHaveText(
    /^Beyond the \d+ realizations? of the run, for the speed alone \(no result is kept\): up to [\d,]+ at once, [\d.]+ KiB \([\d,]+ bytes\)\. /,
    { timeout: WORK_MS },
  );
  await openPart(page, 'Trial log');
  await expect(trials().filter({ hasText: 'Beyond' }).first()).toContainText('further items simulated');
  await expect(page.getByRole('listitem').filter({ hasText: 'beyond the run' })).toBeVisible();
  expect(await downloaded('comparison-csv')).toContain('beyond the run: ');
  expect((await counted()).liveBytes).toBe(0);
  await page.getByTestId('forget-tuning').click();
});

test('while a run goes on, tuning says why it must wait', async () => {
  await page.getByTestId('step').click();
  await expect(page.getByTestId('tune')).toBeDisabled();
  await expect(page.getByTestId('tune-why-not')).toContainText('A run is in progress');
  await page.getByTestId('stop').click();
  await expect(page.getByTestId('tune')).toBeEnabled();
  await runToEnd(page);
  expect(problems).toEqual([]);
});
