/** Rows of tokens: a state at every place of every item, and what they come to together. */
import { type About, summaryOf } from '../attributed.ts';
import type { ResultKind } from '../kind.ts';
import type { TokenDescription, TokenItem, TokenOptions, TokenSummary } from './item.ts';

/** @param description what the experiment's form, page and tables know of them */
export function tokenResults(
  description: TokenDescription,
  { problems, reduce }: TokenOptions = {},
): ResultKind<TokenItem, TokenSummary> {
  return {
    ...description,
    summarize: (item, attempts) => summaryOf(item, attempts, problems?.(item) ?? []),
    worth: ({ converged }) => Number(converged),
    stored: ({ info, tokens, attributes, work }) => ({
      info,
      arrays: [{ group: 'item', name: 'tokens', dims: [description.place], shape: [tokens.length], values: tokens }],
      about: { attributes, work } satisfies About,
    }),
    restored: ({ info, arrays, about }) => ({
      info,
      tokens: Uint8Array.from(arrays[0].values),
      ...(about as About),
    }),
    ...(reduce && { reduce }),
    words: async () => (await import('./words.ts')).tokenWords(description),
    files: async () => (await import('./files.ts')).tokenFiles(description),
  };
}
