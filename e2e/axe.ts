/** Accessibility rules checked in the page itself by axe-core (its Playwright wrapper asks for a newer Node than ours). */
import axe, { type AxeResults } from 'axe-core';
import { expect, type Page } from 'playwright/test';

/** Fails with one line for each violated rule: the rule, what it says, and the elements. */
export async function expectNoViolations(page: Page, where: string): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  const { violations, passes } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  expect(passes.length, `axe looked at ${where}`).toBeGreaterThan(0);
  const lines = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map(({ target }) => target.join(' ')).join('\n    ')}`,
  );
  expect(lines, `axe on ${where}`).toEqual([]);
}
