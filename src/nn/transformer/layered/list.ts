/** The list of a step, as `shaders/nn/transformer/product_operands.wgsl` reads it: which positions of which texts, and who is asked for logits. */
import type { LayeredSetup } from './setup.ts';

/** Where parts of `work` begin, in entries of four words. */
export function workPlaces({ rows, logitRows, options }: Pick<LayeredSetup, 'rows' | 'logitRows' | 'options'>) {
  const wanted = 1 + rows;
  const segments = wanted + logitRows;
  const slots = segments + options.slots;
  return { rows: 1, wanted, segments, slots, size: slots + options.slots };
}

/** Positions [from, from + count) of a text go through a step. */
export interface Segment {
  readonly slot: number;
  readonly from: number;
  readonly count: number;
  /** Of these the ones with logits: all, or the last, or none. */
  readonly wanted: 'all' | 'last' | 'none';
  /** Seed's words. */
  readonly key: readonly [number, number];
  /** The id behind a position, where it is known. */
  idBehind(position: number): number | undefined;
}

/** In the place of a given id: draw one. */
const DRAW = 0xffffffff;

export interface StepList {
  readonly work: Uint32Array<ArrayBuffer>;
  /** Entries of `sampling_rows.wgsl`: (seed, seed, position of the token, its id or none). */
  readonly asked: Uint32Array<ArrayBuffer>;
  readonly rows: number;
  readonly wanted: number;
  readonly segments: number;
}

/** Words of a list; entries behind its slots stay on the device. */
export function stepList(setup: LayeredSetup, segments: readonly Segment[]): StepList {
  const places = workPlaces(setup);
  const work = new Uint32Array(4 * places.slots);
  const asked = new Uint32Array(4 * setup.logitRows);
  let row = 0;
  let wanted = 0;
  segments.forEach((segment, i) => {
    work.set([row, segment.count], 4 * (places.segments + i));
    for (let p = segment.from; p < segment.from + segment.count; p++, row++) {
      work.set([segment.slot, p], 4 * (places.rows + row));
      const last = p === segment.from + segment.count - 1;
      if (segment.wanted === 'none' || (segment.wanted === 'last' && !last)) continue;
      work[4 * (places.wanted + wanted)] = row;
      asked.set([segment.key[0], segment.key[1], p + 1, segment.idBehind(p + 1) ?? DRAW], 4 * wanted);
      wanted++;
    }
  });
  work.set([row, wanted, segments.length]);
  return { work, asked, rows: row, wanted, segments: segments.length };
}
