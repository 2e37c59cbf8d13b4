/** Rows in flight as the device knows them: `shaders/nn/graph/batch.wgsl`. */
import type { RowBatch } from '../machine.ts';
import type { Flight } from './flight.ts';

/** Words before the lists. */
const HEADER = 16;
/** Which words of them say where a list begins. */
const PLACES = [4, 5, 6, 7, 8, 9, 11, 12];
const LONGEST = 10;

/** Words of the buffer for so many rows and positions. */
export const batchWords = (rows: number, tokens: number) => HEADER + (rows + 1) + 6 * tokens + (tokens + 1);

export interface UploadedBatch {
  readonly flight: Flight;
  readonly words: Uint32Array<ArrayBuffer>;
}

/**
 * The lists lie as closely as these rows allow; only their order is fixed: starts [rows + 1], row of every position, id of every position, then
 * the different ids in rising order, where the positions of each begin and the last end, those positions in
 * rising order; positions row by row in the order of their ids, and those ids.
 * @param lengths of every row @param capacity positions of a row at most
 */
export function batchOf({ ids }: RowBatch, lengths: readonly number[], capacity: number): UploadedBatch {
  const rows = lengths.length;
  const starts = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) starts[row + 1] = starts[row] + lengths[row];
  const tokens = starts[rows];
  const rowOf = new Uint32Array(tokens);
  const idOf = new Uint32Array(tokens);
  for (let row = 0; row < rows; row++) {
    rowOf.fill(row, starts[row], starts[row + 1]);
    if (ids)
      for (let position = 0; position < lengths[row]; position++) idOf[starts[row] + position] = ids[row][position];
  }
  const places = new Map<number, number[]>();
  for (let token = 0; token < tokens; token++) {
    const own = places.get(idOf[token]);
    if (own) own.push(token);
    else places.set(idOf[token], [token]);
  }
  const entries = [...places.keys()].sort((a, b) => a - b);
  const entryStarts = new Uint32Array(entries.length + 1);
  entries.forEach((id, entry) => {
    entryStarts[entry + 1] = entryStarts[entry] + places.get(id)!.length;
  });
  const sorted = Array.from({ length: tokens }, (_, token) => token).sort(
    (a, b) => rowOf[a] - rowOf[b] || idOf[a] - idOf[b] || a - b,
  );
  const ordered = entries.flatMap((id) => places.get(id)!);
  const lists = [starts, rowOf, idOf, entries, entryStarts, ordered, sorted, sorted.map((token) => idOf[token])];
  const words = new Uint32Array(HEADER + lists.reduce((sum, list) => sum + list.length, 0));
  words.set([rows, tokens, capacity, entries.length]);
  words[LONGEST] = Math.max(...lengths);
  let at = HEADER;
  lists.forEach((list, index) => {
    words[PLACES[index]] = at;
    words.set(list, at);
    at += list.length;
  });
  return {
    flight: { rows, tokens, longest: Math.max(0, ...lengths), entries: entries.length, starts },
    words,
  };
}
