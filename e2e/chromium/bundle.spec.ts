import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, type Zippable, zipSync } from 'fflate';
import { type Browser, expect, type Page, test } from 'playwright/test';
import { expectNoViolations } from '../axe.ts';
import { lockstepOk } from '../cli/lockstep.ts';
import { openLockstep, openTab, runToEnd, screenshot } from './lockstep-page.ts';

/** A bundle exported once, then opened, changed and refused in pages that never ran anything. */
test.describe.configure({ mode: 'serial' });

/** Few draws: what is tested is the way of the results, not their quality. */
const problem = { preset: 'quick', seed: '11', draws: '40', warmup: '8', rescue: 'false' };
const FLAGS = ['--preset', 'quick', '--base-seed', '11', '--draws', '40', '--warmup', '8', '--rescue', 'false'];

let scratch: string;
let zip: Buffer;
let name: string;
/** What the page that ran showed. */
let table: string;
let selected: string;
let page: Page;

test.beforeAll(async ({ browser }) => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-bundle-'));
  const first = await browser.newPage({ acceptDownloads: true });
  await openLockstep(first, problem);
  await runToEnd(first);
  [table, selected] = await shownResults(first);
  const download = first.waitForEvent('download');
  await first.getByTestId('export').click();
  const file = await download;
  name = file.suggestedFilename();
  zip = readFileSync(await file.path());
  await first.close();
  page = await newProfile(browser);
});

test.afterAll(async () => {
  await page?.context().close();
  rmSync(scratch, { recursive: true });
});

/** A page with nothing kept from before. */
async function newProfile(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ acceptDownloads: true, viewport: { width: 1440, height: 900 } });
  const opened = await context.newPage();
  await openLockstep(opened, {});
  return opened;
}

/** The table of results and all that is said of the first posterior, as text. */
async function shownResults(from: Page): Promise<[string, string]> {
  await openTab(from, 'Results');
  await expect(from.getByTestId('results-table').locator('tbody tr')).toHaveCount(6);
  const panel = from.getByTestId('selected-item');
  await expect(panel).toContainText('Posterior of g1_+0.0100_g2_+0.0000_s11');
  await expect(panel).not.toContainText('Fetching');
  await expect(panel).not.toContainText('Loading');
  return [(await from.getByTestId('results-table').textContent())!, (await panel.textContent())!];
}

function choose(buffer: Uint8Array, as = name): Promise<void> {
  return page
    .getByTestId('file-drop')
    .setInputFiles({ name: as, mimeType: 'application/zip', buffer: Buffer.from(buffer) });
}

const repacked = (change: (files: Zippable) => void): Uint8Array => {
  const files: Zippable = unzipSync(zip);
  change(files);
  return zipSync(files);
};

test('in a new profile it shows the same configuration and the same numbers, and exports as it is', async () => {
  expect(name).toMatch(/^run-\d{8}T\d{6}Z-shear-[0-9a-f]{8}\.zip$/);
  await choose(zip);
  await expect(page.getByTestId('opened-run')).toContainText(name);
  await expect(page.getByTestId('opened-run')).toContainText('match their hashes');
  expect(page.url()).toContain('preset=quick');
  expect(page.url()).toContain('seed=11');
  expect(await shownResults(page)).toEqual([table, selected]);
  await screenshot(page, 'bundle-1440');
  await expectNoViolations(page, 'an opened bundle');
  const download = page.waitForEvent('download');
  await page.getByTestId('export').click();
  const again = await download;
  expect(again.suggestedFilename()).toBe(name);
  expect(readFileSync(await again.path()).equals(zip)).toBe(true);
});

test('what is wrong with a bundle is said by name, and the results stay', async () => {
  const run = Object.keys(unzipSync(zip)).find((path) => path.endsWith('/posterior.nc'))!;
  const cases: [string, Uint8Array, string][] = [
    [
      'flipped.zip',
      repacked((files) => {
        const bytes = files[run] as Uint8Array;
        bytes[bytes.length >> 1] ^= 1;
      }),
      `${run} was changed`,
    ],
    [
      'missing.zip',
      repacked((files) => {
        delete files[run];
      }),
      `${run} is missing`,
    ],
    [
      'outside.zip',
      repacked((files) => {
        files['../evil.txt'] = new Uint8Array([1]);
      }),
      '"../evil.txt" leads out of its folder',
    ],
    ['cut.zip', zip.subarray(0, zip.length >> 1), 'truncated'],
  ];
  for (const [as, bytes, message] of cases) {
    await choose(bytes, as);
    await expect(page.getByTestId('error')).toHaveCount(1);
    await expect(page.getByTestId('error')).toContainText(as);
    await expect(page.getByTestId('error')).toContainText(message);
    await expect(page.getByTestId('opened-run')).toContainText(name);
    expect(await shownResults(page)).toEqual([table, selected]);
  }
  await screenshot(page, 'bundle-refused');
});

test('dropped anywhere on the page it opens as well', async ({ browser }) => {
  const other = await newProfile(browser);
  const data = await other.evaluateHandle(
    ([bytes, as]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], as));
      return transfer;
    },
    [zip.toString('base64'), name],
  );
  await other.dispatchEvent('main', 'drop', { dataTransfer: data });
  await expect(other.getByTestId('opened-run')).toContainText(name);
  await other.setViewportSize({ width: 390, height: 844 });
  await screenshot(other, 'bundle-390');
  await other.context().close();
});

test('the command line gives the same result id for the same run, and its folder zipped opens too', async () => {
  const folder = join(scratch, 'cli');
  await lockstepOk('run', ...FLAGS, '--batch-size', '2', '--output-dir', folder);
  const idOf = (text: string) => JSON.parse(text).result_id;
  const exported = idOf(new TextDecoder().decode(unzipSync(zip)['manifest.json']));
  expect(idOf(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toBe(exported);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map(({ parentPath, name: file }) => join(parentPath, file));
  const zipped = zipSync(Object.fromEntries(files.map((file) => [file.slice(scratch.length + 1), readFileSync(file)])));
  await choose(zipped, 'cli.zip');
  await expect(page.getByTestId('opened-run')).toContainText('cli.zip');
  expect(await shownResults(page)).toEqual([table, selected]);
});
