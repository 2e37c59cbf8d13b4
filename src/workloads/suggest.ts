/** "Did you mean …": the nearest known word by edit distance. */

/** Levenshtein distance, case-insensitive. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(previous[j] + 1, row[j - 1] + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length];
}

/** `noise_sigma`, `noise-sigma` and `noiseSigma` are the same word to a person. */
const plain = (word: string) => word.toLowerCase().replace(/[-_\s]/g, '');

/** A word of more letters is no slip of the pen; comparing would only take time. */
const LONGEST = 100;

/** The known word nearest to `word`, unless nothing is near (more than 40 % of its letters differ). */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > LONGEST) return undefined;
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(plain(word), plain(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return bestDistance <= Math.max(1, Math.floor(0.4 * word.length)) ? best : undefined;
}

/** Letters of a list of known words: the rest of a longer one is a number. */
const MOST_LISTED = 600;

function listed(known: readonly string[]): string {
  let length = 0;
  const shown = known.filter((word) => {
    length += word.length + 2;
    return length <= MOST_LISTED;
  });
  return shown.length < known.length ? `${shown.join(', ')} and ${known.length - shown.length} more` : shown.join(', ');
}

/** A sentence to put behind "… is not known.": what was meant, or what there is. */
export function didYouMean(word: string, known: readonly string[]): string {
  const suggestion = nearest(word, known);
  return suggestion ? `Did you mean "${suggestion}"?` : `Known are: ${listed(known)}.`;
}
