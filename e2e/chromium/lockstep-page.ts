/** What a reader does on the page, in the page's own terms. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from 'playwright/test';
import { root } from '../../scripts/locate.mjs';
import { type UnpackedBundle, unpack } from '../bundle.ts';
import { WORK_MS } from '../limits.ts';

/** Opens the page on a state given as URL parameters and waits until it knows its adapter. */
export async function openLockstep(page: Page, query: Record<string, string> = {}): Promise<void> {
  // A save dialog cannot be answered here; without the API the page downloads, as it does in Firefox and Safari.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
  await page.goto(`./?${new URLSearchParams(query)}`);
  await expect(page.getByTestId('status')).toHaveText('idle');
  await expect(page.getByTestId('run')).toBeEnabled();
}

/** Presses Run and waits for the end; a failed run ends the wait at once. */
export async function runToEnd(page: Page, limitMs = WORK_MS): Promise<void> {
  await page.getByTestId('run').click();
  await expect(page.getByTestId('status')).toHaveText(/done|failed/, { timeout: limitMs });
  await expect(page.getByTestId('status')).toHaveText('done');
}

/**
 * Presses Run, holds the run as soon as more than `items` have finished, and waits until they are on disk: whoever reloads now finds them,
 * on a fast machine and on a slow one.
 */
export async function holdInTheMiddle(page: Page, items: number): Promise<void> {
  await expect(page.getByTestId('run')).toBeEnabled();
  // Within the page: a look from outside may come when the run is over.
  await page.evaluate(
    (more) =>
      new Promise<void>((resolve) => {
        const results = [...document.querySelectorAll('[role=tab]')].find((tab) =>
          tab.textContent?.includes('Results'),
        )!;
        const observer = new MutationObserver(() => {
          const pause = document.querySelector<HTMLElement>('[data-testid=pause]');
          if (!pause || Number(results.getAttribute('data-count') ?? 0) <= more) return;
          observer.disconnect();
          pause.click();
          resolve();
        });
        observer.observe(document.body, { subtree: true, childList: true, attributes: true });
        document.querySelector<HTMLElement>('[data-testid=run]')!.click();
      }),
    items,
  );
  await expect(page.getByTestId('status')).toHaveText('paused', { timeout: WORK_MS });
  await expect.poll(() => chunksOnDisk(page), { timeout: WORK_MS }).toBeGreaterThan(0);
}

/** Files of finished items in all checkpoints. */
function chunksOnDisk(page: Page): Promise<number> {
  return page.evaluate(async () => {
    type Folder = FileSystemDirectoryHandle & { keys(): AsyncIterable<string> };
    const root = (await navigator.storage.getDirectory()) as Folder;
    const checkpoints = (await root.getDirectoryHandle('checkpoints')) as Folder;
    let chunks = 0;
    for await (const run of checkpoints.keys())
      for await (const name of ((await checkpoints.getDirectoryHandle(run)) as Folder).keys())
        chunks += Number(name.startsWith('chunk-'));
    return chunks;
  });
}

/** Says of the user's data that they are what a run takes them for. */
export async function confirmData(page: Page): Promise<void> {
  await page.getByTestId('confirm-data').click();
  await expect(page.getByText('Confirmed by you.')).toBeVisible();
}

/** Presses Export and unpacks what the browser saves. */
export async function exportBundle(page: Page): Promise<UnpackedBundle & { name: string; zip: Buffer }> {
  const download = page.waitForEvent('download', { timeout: WORK_MS });
  await page.getByTestId('export').click();
  const file = await download;
  const zip = readFileSync(await file.path());
  return { ...unpack(zip), name: file.suggestedFilename(), zip };
}

export async function openTab(
  page: Page,
  name: 'Live' | 'Results' | 'History' | 'Batch' | 'Memory' | 'Shader' | 'Learn',
): Promise<void> {
  const tab = page.getByRole('tab', { name, exact: true });
  await tab.click();
  await expect(tab).toHaveAttribute('aria-selected', 'true');
}

/** Opens a part of the page that is folded to its title. */
export async function openPart(page: Page, title: string | RegExp): Promise<void> {
  const head = page.getByRole('heading', { name: title }).getByRole('button');
  if ((await head.getAttribute('aria-expanded')) === 'false') await head.click();
  await expect(head).toHaveAttribute('aria-expanded', 'true');
}

/** Saves the viewport under test-results/screens for people to look at, where they ask for it: LOCKSTEP_SCREENS=1 npm test -- --only e2e. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (!process.env.LOCKSTEP_SCREENS) return;
  await page.screenshot({ path: join(root, 'test-results/screens', `${name}.png`), animations: 'disabled' });
}
