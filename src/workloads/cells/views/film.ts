/** Cells on their way from masks to counts: what they end as, and after which step each gene is seen. Any moment in between follows. */
import type { CellsLook } from '../peek.ts';

export interface CellsFilm {
  /** Indices in the run of the cells, a row each. */
  readonly items: readonly number[];
  readonly genes: number;
  /** V. */
  readonly mask: number;
  readonly steps: number;
  /** [cells][genes] at the end; V where nothing is known yet. */
  readonly tokens: Uint8Array;
  /** [cells][genes] steps after which the token is there; 0 where it was known from the beginning. */
  readonly revealedAt: Uint16Array;
}

/** [cells][genes] after so many steps, V where a gene is still masked. */
export function tokensAfter({ tokens, revealedAt, mask }: CellsFilm, step: number): Uint8Array {
  return tokens.map((token, i) => (revealedAt[i] <= step ? token : mask));
}

/** Of the genes that were masked in the beginning, the share that is there. */
export function revealedShare({ tokens, revealedAt, mask }: CellsFilm, step: number): number {
  let [hidden, shown] = [0, 0];
  for (let i = 0; i < tokens.length; i++) {
    if (revealedAt[i] === 0) continue;
    hidden++;
    if (tokens[i] !== mask && revealedAt[i] <= step) shown++;
  }
  return hidden === 0 ? 1 : shown / hidden;
}

/**
 * A run's film so far with one more look at it; begins anew where the look is at other cells or at an earlier step. Between looks a gene
 * counts as revealed at the later one.
 */
export function withLook(
  film: CellsFilm | undefined,
  { items, genes, mask, tokens, steps }: CellsLook,
  step: number,
): CellsFilm {
  const before = film && sameCells(film, items) && film.genes === genes && lastStep(film) <= step ? film : undefined;
  const revealedAt = Uint16Array.from(tokens, (token, i) => {
    if (token === mask) return step + 1;
    if (!before) return step === 0 ? 0 : step;
    return before.tokens[i] === mask ? step : before.revealedAt[i];
  });
  return { items, genes, mask, steps, tokens, revealedAt };
}

function sameCells({ items }: CellsFilm, others: readonly number[]): boolean {
  return items.length === others.length && items.every((item, i) => item === others[i]);
}

/** The step of the latest look. */
function lastStep({ tokens, revealedAt, mask }: CellsFilm): number {
  let last = 0;
  for (let i = 0; i < tokens.length; i++) {
    const seen = tokens[i] === mask ? revealedAt[i] - 1 : revealedAt[i];
    if (seen > last) last = seen;
  }
  return last;
}
