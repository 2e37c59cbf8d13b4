import { useMemo, useSyncExternalStore } from 'react';

/** Colours a canvas needs, read from the page's tokens: a canvas cannot use CSS variables itself. */
export interface Tokens {
  readonly ink: string;
  readonly inkSoft: string;
  readonly panel: string;
  readonly well: string;
  readonly line: string;
  readonly grid: string;
  readonly axis: string;
  readonly accent: string;
  readonly truth: string;
  readonly bad: string;
  readonly series: readonly string[];
}

/** The attribute by which `tokens.css` chooses; Mantine sets it, from the header's switch or the system's scheme. */
const SCHEME = 'data-mantine-color-scheme';

const schemeNow = () => document.documentElement.getAttribute(SCHEME);

/** Calls back once the attribute has changed: Mantine's own state may change before it, and would find the old colours. */
function onScheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: [SCHEME] });
  return () => observer.disconnect();
}

/** The tokens of the colour scheme on screen; a new object when the scheme changes. */
export function useTokens(): Tokens {
  const scheme = useSyncExternalStore(onScheme, schemeNow);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens live in CSS and change with the scheme
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
    return {
      ink: token('ink'),
      inkSoft: token('ink-soft'),
      panel: token('panel'),
      well: token('well'),
      line: token('line-strong'),
      grid: token('grid'),
      axis: token('axis'),
      accent: token('accent'),
      truth: token('truth'),
      bad: token('bad'),
      series: [1, 2, 3, 4, 5, 6].map((index) => token(`series-${index}`)),
    };
  }, [scheme]);
}
