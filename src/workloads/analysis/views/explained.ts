/** What an attribution explains, in words. */
import { quoted } from './words.ts';

/** "logit of “dog” behind “the” (position 7)" */
export function explainedWords(words: readonly string[], position: number): string {
  return `logit of ${quoted(words[position + 1])} behind ${quoted(words[position])} (position ${position})`;
}
