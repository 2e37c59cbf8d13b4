/** Cells on their way from masks to counts: what they end as, and after which step each gene is seen. Any moment in between follows. */
import { type CellsLook, MOST_LOOKED_AT } from '../peek.ts';

export interface CellsFilm {
  readonly genes: number;
  /** V. */
  readonly mask: number;
  readonly steps: number;
  /** [cells][genes] at the end; V where nothing is known yet. */
  readonly tokens: Uint8Array;
  /** [cells][genes] steps after which the token is there; 0 where it was known from the beginning. */
  readonly revealedAt: Uint16Array;
}

/** A film of a run, put together from looks: chunk after chunk, as many cells as are told apart, those that have not begun all masked. */
export interface RunFilm extends CellsFilm {
  /** Indices in the run of the rows that have begun. */
  readonly items: readonly number[];
  /** Of the latest look: its rows and its step. */
  readonly rows: readonly number[];
  readonly step: number;
}

/** [cells][genes] after so many steps, V where a gene is still masked. */
export function tokensAfter({ tokens, revealedAt, mask }: CellsFilm, step: number): Uint8Array {
  return tokens.map((token, i) => (revealedAt[i] <= step ? token : mask));
}

/** Of the genes that were masked in the beginning, the share that is there; of some rows, or of all. */
export function revealedShare(
  { tokens, revealedAt, mask, genes }: CellsFilm,
  step: number,
  rows?: readonly number[],
): number {
  let [hidden, shown] = [0, 0];
  const count = (row: number) => {
    for (let i = row * genes; i < (row + 1) * genes; i++) {
      if (revealedAt[i] === 0) continue;
      hidden++;
      if (tokens[i] !== mask && revealedAt[i] <= step) shown++;
    }
  };
  if (rows) for (const row of rows) count(row);
  else for (let row = 0; row < tokens.length / genes; row++) count(row);
  return hidden === 0 ? 1 : shown / hidden;
}

/**
 * A run's film with one more look at it. Begins anew where cells have no place left, or begin again. Between looks a gene counts as revealed
 * at the later one.
 * @param total cells of the run
 */
export function withLook(film: RunFilm | undefined, look: CellsLook, step: number, total: number): RunFilm {
  const { items, genes, mask, steps } = look;
  const capacity = Math.max(items.length, Math.min(MOST_LOOKED_AT, total));
  const kept = film && goesOn(film, look, step, capacity) ? film : begin(capacity, genes, mask, steps);
  const all = [...kept.items, ...items.filter((item) => !kept.items.includes(item))];
  const rows = items.map((item) => all.indexOf(item));
  const tokens = kept.tokens.slice();
  const revealedAt = kept.revealedAt.slice();
  rows.forEach((row, i) => {
    for (let gene = 0; gene < genes; gene++) {
      const at = row * genes + gene;
      const token = look.tokens[i * genes + gene];
      if (token === mask || tokens[at] !== mask) continue;
      tokens[at] = token;
      revealedAt[at] = step;
    }
  });
  return { ...kept, items: all, rows, step, tokens, revealedAt };
}

function begin(cells: number, genes: number, mask: number, steps: number): RunFilm {
  return {
    items: [],
    rows: [],
    step: 0,
    genes,
    mask,
    steps,
    tokens: new Uint8Array(cells * genes).fill(mask),
    revealedAt: new Uint16Array(cells * genes).fill(steps),
  };
}

function goesOn(film: RunFilm, { items, genes, mask, steps }: CellsLook, step: number, capacity: number): boolean {
  if (film.genes !== genes || film.mask !== mask || film.steps !== steps) return false;
  const fresh = items.filter((item) => !film.items.includes(item)).length;
  if (film.items.length + fresh > capacity || film.tokens.length !== capacity * genes) return false;
  // Cells that are seen again can only be further on.
  return fresh === items.length || step >= film.step;
}

/** With what a cell has ended as: genes that no look saw were revealed at the end. */
export function withEnd(film: RunFilm, item: number, tokens: Uint8Array): RunFilm {
  const row = film.items.indexOf(item);
  if (row < 0) return film;
  const all = film.tokens.slice();
  all.set(tokens, row * film.genes);
  return { ...film, tokens: all };
}
