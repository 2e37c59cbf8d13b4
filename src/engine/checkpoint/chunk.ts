/** Finished items as one file of a checkpoint, bit for bit. */
import { type ArrayLayout, ArrayPacker, unpackArrays } from '../../results/arrays.ts';
import type { StoredResult } from '../../results/kind.ts';
import type { RunProgress } from '../run/progress.ts';
import type { FinishedItem } from '../run/run-options.ts';
import { DamagedError, openFrame, sealFrame, turns } from './frame.ts';

/** What the header says of an item; its arrays follow in the payload, in the same order. */
interface StoredItem extends Omit<StoredResult, 'arrays'> {
  readonly attempts: number;
  /** Place of its layout in the list. */
  readonly layout: number;
  readonly bytes: number;
}

/** Header of a chunk's file. */
export interface ChunkHeader {
  readonly kind: 'chunk';
  /** Seal of the head of the run that finished the items: a chunk that got into another run's folder is not taken for one of its own. */
  readonly head: string;
  readonly items: readonly StoredItem[];
  readonly layouts: readonly (readonly ArrayLayout[])[];
  /** Where the run stood when the chunk was done. */
  readonly progress: RunProgress | null;
}

/** The file of a chunk, in pieces. @param head seal of the run's head */
export async function encodeChunk(
  finished: readonly FinishedItem[],
  progress: RunProgress | null,
  head: string,
): Promise<Uint8Array[]> {
  const packer = new ArrayPacker();
  const items: StoredItem[] = [];
  const payload: Uint8Array[] = [];
  const turn = turns();
  for (const { stored, attempts } of finished) {
    const { info, about, arrays } = stored;
    const { layout, bytes } = packer.pack(arrays);
    items.push({ info, about, attempts, layout, bytes: bytes.length });
    payload.push(bytes);
    await turn();
  }
  const header: ChunkHeader = { kind: 'chunk', head, items, layouts: packer.layouts, progress };
  return sealFrame(header, payload);
}

/** What `encodeChunk` wrote for that head. @throws DamagedError, for a chunk of another head, too */
export function decodeChunk(
  bytes: Uint8Array<ArrayBuffer>,
  head: string,
): {
  finished: FinishedItem[];
  progress: RunProgress | null;
} {
  const { header, payload } = openFrame(bytes);
  const { items, layouts, progress, head: own } = chunkHeader(header);
  if (own !== head) throw new DamagedError('it belongs to another run');
  let at = 0;
  const finished = items.map(({ info, about, attempts, layout, bytes: length }) => {
    const arrays = unpackArrays(layouts[layout], payload.slice(at, at + length));
    at += length;
    return { stored: { info, about, arrays }, attempts };
  });
  return { finished, progress };
}

/** @throws DamagedError for the header of another file. */
export function chunkHeader(header: unknown): ChunkHeader {
  if ((header as ChunkHeader | null)?.kind === 'chunk') return header as ChunkHeader;
  throw new DamagedError('it holds no chunk');
}
