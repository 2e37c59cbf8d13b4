/** The list of what a step evaluates, as `shaders/nn/tensor/work.wgsl` reads it. */

export interface WorkShape {
  /** Cells of a chunk, and places: as many for each pass over them. */
  readonly cells: number;
  readonly places: number;
  readonly genes: number;
  /** Listed rows at most. */
  readonly rows: number;
}

/** Words before the lists. */
const HEADER = 8;

/** Words of a list. */
export const workSize = ({ places, rows }: WorkShape) => HEADER + 2 * places + 1 + rows;

/** What the host has to know of a list to dispatch over it. */
export interface WorkCounts {
  /** Active places and listed rows. */
  readonly active: number;
  readonly rows: number;
  /** Threads, or workgroups, that share the listed rows of a place and head. */
  readonly shares: number;
  /** All places. */
  readonly places: number;
}

/** A place that is evaluated, and the genes whose logits are asked for, ascending. */
export interface ActivePlace {
  readonly place: number;
  readonly genes: ArrayLike<number>;
}

/**
 * The words of a step; logits come in the order of the list. @param sharesOf how many threads, or workgroups, so many listed rows of a place and head
 * take (`ForwardPlan.listedShares`)
 * @throws RangeError for more places or rows than there is room for
 */
export function workWords(
  shape: WorkShape,
  active: readonly ActivePlace[],
  sharesOf: (rows: number) => number,
): { readonly words: Uint32Array<ArrayBuffer>; readonly counts: WorkCounts } {
  const { cells, places, genes } = shape;
  const rows = active.reduce((sum, each) => sum + each.genes.length, 0);
  if (active.length > places || rows > shape.rows)
    throw new RangeError(
      `${active.length} places and ${rows} rows are more than the ${places} and ${shape.rows} that there is room for`,
    );
  const words = new Uint32Array(workSize(shape));
  const starts = HEADER + places;
  const listed = starts + places + 1;
  let at = 0;
  let most = 0;
  active.forEach((each, b) => {
    words[HEADER + b] = each.place;
    words[starts + b] = at;
    for (let i = 0; i < each.genes.length; i++) words[listed + at++] = b * genes + each.genes[i];
    most = Math.max(most, each.genes.length);
  });
  words[starts + active.length] = at;
  const counts = { active: active.length, rows, shares: sharesOf(most), places };
  words.set([counts.active, rows, counts.shares, places, cells, starts, listed]);
  return { words, counts };
}
