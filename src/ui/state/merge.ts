import type { ResultSummary } from '../../results/kind.ts';

/** Results by item: one that was sampled again takes the place of its earlier one. Thousands come twenty times a second. */
export class Merger {
  /** What `add` gave last, and where each item stands in it. */
  #merged: readonly ResultSummary[] = [];
  #places = new Map<number, number>();

  add(known: readonly ResultSummary[], added: readonly ResultSummary[]): readonly ResultSummary[] {
    if (added.length === 0) return known;
    if (known !== this.#merged) this.#places = new Map(known.map(({ info }, place) => [info.index, place]));
    const merged = [...known];
    for (const summary of added) {
      const { index } = summary.info;
      const place = this.#places.get(index) ?? merged.length;
      merged[place] = summary;
      this.#places.set(index, place);
    }
    this.#merged = merged;
    return merged;
  }
}
