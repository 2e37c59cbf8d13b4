/**
 * Two experiments that nothing on the page names, one of posteriors and one of tables: both run, survive, are kept and come back like those in
 * the list, and the page says of them no word that belongs to another one.
 */
import { rmSync } from 'node:fs';
import { type Browser, expect, type Page, test } from 'playwright/test';
import { FOREIGN_WORDS } from '../../tests/toys/foreign-words.ts';
import { expectNoViolations } from '../axe.ts';
import { WORK_MS } from '../limits.ts';
import { exportBundle, holdInTheMiddle, openLockstep, openTab, runToEnd, screenshot } from './lockstep-page.ts';
import { inEveryLook, overflow } from './looks.ts';

/** One beside the other. */
test.describe.configure({ mode: 'parallel' });

interface Toy {
  readonly id: string;
  /** Items of its own, a few a chunk, so that faults and reloads fall between them. */
  readonly query: Readonly<Record<string, string>>;
  readonly items: number;
  readonly many: string;
  /** What its results must show, by test id. */
  readonly shown: readonly string[];
}

const toys: readonly Toy[] = [
  {
    id: 'banana',
    query: { bananas: '16', chains: '2', warmup: '20', draws: '300', batch: '1' },
    items: 16,
    many: 'bananas',
    shown: ['results-table', 'selected-item'],
  },
  {
    id: 'tally',
    query: { tables: '16', throws: '100000', batch: '1' },
    items: 16,
    many: 'tables',
    shown: ['results-table', 'run-table-counts', 'item-arrays', 'selected-item'],
  },
];

const TABS = ['Live', 'Results', 'Batch', 'Memory', 'Shader', 'Learn'] as const;

/** Every text of the page and every name that a reader of screens hears, but for the switch of experiments: those that speak of another one. */
async function foreignTexts(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [];
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
      const node = nodes.currentNode;
      const element = node instanceof Element ? node : node.parentElement;
      if (element?.closest('script, style, nav[aria-label=Experiment]')) continue;
      if (!(node instanceof Element)) found.push(node.textContent ?? '');
      else for (const name of ['aria-label', 'title', 'placeholder']) found.push(node.getAttribute(name) ?? '');
    }
    return found;
  });
  expect(texts.length).toBeGreaterThan(50);
  return texts.filter((text) => FOREIGN_WORDS.test(text));
}

/** Opens all explanations that hang on marks and dotted words, one after the other, and gives their texts. */
async function explanations(page: Page, where: 'main' | 'tabpanel'): Promise<string[]> {
  const texts: string[] = [];
  // The pointer may rest on a mark since the tab changed below it.
  await page.mouse.move(0, 0);
  for (const mark of await page.getByRole(where).locator('button[class*=mark], button[class*=term]').all()) {
    if (!(await mark.isVisible())) continue;
    await mark.focus();
    texts.push((await page.getByRole('tooltip').last().textContent()) ?? '');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('tooltip')).toHaveCount(0);
  }
  if (where === 'main') expect(texts.length).toBeGreaterThan(4);
  return texts;
}

for (const { id, query, items, many, shown } of toys) {
  test.describe(id, () => {
    test.describe.configure({ mode: 'serial' });
    const problem = { workload: id, ...query };
    let page: Page;
    let zip: Buffer;
    let name: string;
    /** Of a run that nothing disturbed. */
    let undisturbed: string;
    let results: string[];
    const problems: string[] = [];

    test.beforeAll(async ({ browser }) => {
      page = await newProfile(browser);
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      page.on('pageerror', (error) => problems.push(error.message));
      // A run under way asks before the page is left.
      page.on('dialog', (dialog) => void dialog.accept());
      await openLockstep(page, problem);
    });

    test.afterAll(() => page.context().close());

    async function newProfile(browser: Browser): Promise<Page> {
      return (await browser.newContext({ acceptDownloads: true, viewport: { width: 1440, height: 900 } })).newPage();
    }

    async function exported(): Promise<string> {
      const bundle = await exportBundle(page);
      ({ zip, name } = bundle);
      rmSync(bundle.folder, { recursive: true });
      return JSON.parse(bundle.text('manifest.json')).result_id;
    }

    /** What the page shows of the results, the first item's all of it. */
    async function shownResults(from: Page): Promise<string[]> {
      await openTab(from, 'Results');
      const rows = from.getByTestId('results-table').locator('tbody tr');
      await expect(rows).toHaveCount(items);
      await rows.first().getByRole('button').click();
      await expect(from.getByTestId('selected-item')).not.toContainText(/Fetching|Loading/);
      return Promise.all(shown.map(async (testId) => (await from.getByTestId(testId).textContent())!));
    }

    const log = () => page.getByTestId('run-log-table').locator('tbody tr');

    test('runs to its end, and no tab says a word of another experiment', async () => {
      await expect(page.getByTestId('run')).toBeEnabled();
      for (const tab of TABS) {
        await openTab(page, tab);
        expect(await foreignTexts(page), `${tab}, before the run`).toEqual([]);
      }
      await runToEnd(page);
      results = await shownResults(page);
      for (const text of results) expect(text.length).toBeGreaterThan(20);
      for (const tab of TABS) {
        await openTab(page, tab);
        await expect(page.getByRole('tabpanel').filter({ visible: true })).not.toContainText('Loading');
        expect(await foreignTexts(page), tab).toEqual([]);
        // Form and run bar are the same beside every tab.
        const told = await explanations(page, tab === 'Live' ? 'main' : 'tabpanel');
        expect(
          told.filter((text) => FOREIGN_WORDS.test(text)),
          `explanations of ${tab}`,
        ).toEqual([]);
      }
      undisturbed = await exported();
    });

    test('axe finds nothing on its own tabs, and nothing is wider than the screen', async () => {
      await inEveryLook(page, async (look) => {
        // The others are made of the same parts for every experiment.
        for (const tab of ['Live', 'Results', 'Learn'] as const) {
          await openTab(page, tab);
          await screenshot(page, `${id}-${tab.toLowerCase()}-${look}`);
          await expectNoViolations(page, `${id}: ${tab}, ${look}`);
          expect(await overflow(page), `${tab}, ${look}`).toBeLessThanOrEqual(0);
        }
      });
    });

    test('opened in a new profile its bundle shows the same, and is exported as it is', async ({ browser }) => {
      const other = await newProfile(browser);
      await openLockstep(other);
      await other.getByTestId('file-drop').setInputFiles({ name, mimeType: 'application/zip', buffer: zip });
      await expect(other.getByTestId('opened-run')).toContainText('match their hashes');
      expect(other.url()).toContain(`workload=${id}`);
      expect(await shownResults(other)).toEqual(results);
      expect(await foreignTexts(other), 'an opened bundle').toEqual([]);
      const again = await exportBundle(other);
      rmSync(again.folder, { recursive: true });
      expect(again.zip.equals(zip)).toBe(true);
      await other.context().close();
    });

    test('a lost device and a full memory change no result', async () => {
      const faults: [field: string, value: string, log: RegExp[]][] = [
        ['loseAfterSubmits', '3', [/Device lost.*lost on demand/s, /Reopened/, /Retry/]],
        ['outOfMemoryAtSubmit', '3', [/Split.*out of memory.*4 → 2/s]],
      ];
      for (const [field, value, told] of faults) {
        await openLockstep(page, { ...problem, batch: '4', faults: '' });
        expect(await foreignTexts(page), 'the panel of faults').toEqual([]);
        await page.getByTestId(`fault-${field}`).fill(value);
        await page.getByTestId('faults-apply').click();
        await expect(page.getByTestId('faults-banner')).toContainText('Faults are on', { timeout: WORK_MS });
        await runToEnd(page);
        await expect(log()).toContainText(told);
        expect(await exported(), field).toBe(undisturbed);
      }
    });

    test('reloaded in the middle it is offered, and goes on to the same result', async () => {
      await openLockstep(page, problem);
      await holdInTheMiddle(page, 1);
      await openLockstep(page, problem);
      const banner = page.getByTestId('resume-banner');
      await expect(banner).toContainText(new RegExp(`A run of ${items} ${many} \\(.*seed 42\\) stopped at \\d+`));
      expect(await foreignTexts(page), 'the offer').toEqual([]);
      await page.getByTestId('resume-run').click();
      await expect(page.getByTestId('status')).toHaveText('done', { timeout: WORK_MS });
      expect(await exported()).toBe(undisturbed);
    });

    test('the history brings it back', async () => {
      // The page is on its first experiment by then.
      await openLockstep(page);
      await openTab(page, 'History');
      const row = page.getByTestId('history-table').locator('tbody tr').last();
      await expect(row).toContainText(/seed 42.*finished/s);
      await row.getByRole('button', { name: /^Open/ }).click();
      await expect(page.getByTestId('opened-run')).toContainText('from the history');
      expect(page.url()).toContain(`workload=${id}`);
      expect(await shownResults(page)).toEqual(results);
      await openTab(page, 'History');
      expect(await foreignTexts(page), 'History').toEqual([]);
      await expectNoViolations(page, `${id}: History`);
    });

    test('the browser reported no error all along', () => {
      expect(problems).toEqual([]);
    });
  });
}
