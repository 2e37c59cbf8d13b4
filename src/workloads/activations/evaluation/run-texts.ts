/** Texts to their end through the slots of a decoder: the next goes in where one is done. */
import type { DecoderBatch, TextStart, TextState, TextSums } from '../../../nn/transformer/batch.ts';

export type TextRequest = Omit<TextStart, 'slot'>;

export interface DoneText {
  readonly drawn: readonly number[];
  /** −log p of every id from the second on; where it is scored. */
  readonly nll?: Float32Array;
  readonly sums: TextSums;
  /** Captured rows of all positions; where they are kept. */
  readonly rows?: Float32Array;
}

export interface RunOptions {
  /** Texts side by side; all slots unless given. */
  readonly beside?: number;
  readonly signal?: AbortSignal;
  /** Texts as they grow, by their number; those that wait are absent. */
  grown?(drawn: ReadonlyMap<number, readonly number[]>, done: number): void;
}

/** So long at a time before others have their turn, ms. */
const TURN_MS = 50;

/** @throws the signal's reason when aborted */
export async function runTexts(
  batch: DecoderBatch,
  texts: readonly TextRequest[],
  { beside = batch.options.slots, signal, grown }: RunOptions = {},
): Promise<DoneText[]> {
  const done: DoneText[] = [];
  const placed = new Map<number, number>();
  const drawn = new Map<number, readonly number[]>();
  let next = 0;
  let count = 0;
  while (count < texts.length) {
    signal?.throwIfAborted();
    const starts: TextStart[] = [];
    for (let slot = 0; slot < beside && next < texts.length; slot++)
      if (!placed.has(slot)) {
        starts.push({ ...texts[next], slot });
        placed.set(slot, next++);
      }
    if (starts.length > 0) await batch.place(starts);
    await batch.advance(TURN_MS);
    for (const state of await batch.states()) {
      const text = placed.get(state.slot);
      if (text === undefined) continue;
      drawn.set(text, [...state.drawn]);
      if (!state.done) continue;
      placed.delete(state.slot);
      done[text] = await doneText(batch, state);
      count++;
    }
    grown?.(drawn, count);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return done;
}

async function doneText(batch: DecoderBatch, { slot, drawn, nll }: TextState): Promise<DoneText> {
  return {
    drawn: [...drawn],
    ...(nll && { nll }),
    sums: await batch.sums(slot),
    ...(batch.options.capture.kept && { rows: await batch.rows(slot) }),
  };
}
