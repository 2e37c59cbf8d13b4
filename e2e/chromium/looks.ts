/** Each colour scheme and each width once: what one of them breaks is broken in either pair that it is in. */
import type { Page } from 'playwright/test';

const LOOKS = [
  { colorScheme: 'light', width: 1440, height: 900 },
  { colorScheme: 'dark', width: 390, height: 844 },
] as const;

/** Does something in every look of the page, named "light-1440", and leaves the page as tests expect it. */
export async function inEveryLook(page: Page, act: (look: string) => Promise<void>): Promise<void> {
  for (const { colorScheme, width, height } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await act(`${colorScheme}-${width}`);
  }
  await page.emulateMedia({ colorScheme: null });
  await page.setViewportSize({ width: 1440, height: 900 });
}

/** By how many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
