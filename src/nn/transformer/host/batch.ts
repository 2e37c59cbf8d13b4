/** Texts side by side on the CPU: which positions come next, what is drawn, what is summed. */

import type { DecoderBatch, DecoderOptions, TextStart, TextState, TextSums } from '../batch.ts';
import { capturedParts } from '../capture.ts';
import { checkText } from '../fused/texts.ts';
import { drawToken, surprise } from '../sampling/twin.ts';
import type { HostPass, PassRow } from './pass.ts';
import type { Reals } from './product.ts';

interface Text {
  readonly start: TextStart;
  /** Given and drawn. */
  readonly ids: number[];
  /** Vectors as they were when it was placed. */
  readonly vectors: Float32Array | undefined;
  readonly nll: number[];
  readonly counts: number[];
  readonly sums: Reals;
  readonly rows: Float32Array[];
  fed: number;
  /** Nothing more is drawn. */
  complete: boolean;
}

/** Positions that go through a layer together: enough to load each weight for many, few enough for a cache. */
const AT_ONCE = 32;

export class HostBatch implements DecoderBatch {
  readonly options: DecoderOptions;
  readonly clock = 'wall';
  readonly #pass: HostPass;
  readonly #texts: (Text | undefined)[];
  readonly #size: number;
  #vectors: Float32Array | undefined;
  #work = 0;
  #busyMs = 0;

  constructor(options: DecoderOptions, pass: HostPass) {
    this.options = options;
    this.#pass = pass;
    this.#texts = Array.from({ length: options.slots }, () => undefined);
    this.#size = capturedParts(options.spec, options.capture.components).size;
  }

  get work(): number {
    return this.#work;
  }
  get busyMs(): number {
    return this.#busyMs;
  }

  async place(texts: readonly TextStart[]): Promise<void> {
    for (const text of texts) checkText(text, this.options);
    for (const start of texts)
      this.#texts[start.slot] = {
        start,
        ids: Array.from(start.ids),
        vectors: this.#vectors,
        nll: [],
        counts: start.windows.map(() => 0),
        sums: new Float64Array(start.windows.length * this.#size),
        rows: [],
        fed: 0,
        complete: start.newTokens === 0,
      };
  }

  async advance(budgetMs: number, most = Number.POSITIVE_INFINITY): Promise<void> {
    const begin = performance.now();
    const until = this.#texts.map((text) => (text ? text.fed + most : 0));
    do {
      const rows = this.#next(until);
      if (rows.length === 0) break;
      this.#step(rows);
    } while (performance.now() - begin < budgetMs);
    this.#busyMs += performance.now() - begin;
  }

  /** Positions that can be computed now. */
  #next(until: readonly number[]): PassRow[] {
    const { steering, scored } = this.options;
    const rows: PassRow[] = [];
    this.#texts.forEach((text, slot) => {
      if (!text) return;
      const { ids, start, vectors, complete } = text;
      const to = Math.min(ids.length, until[slot], text.fed + AT_ONCE - rows.length);
      for (let position = text.fed; position < to; position++) {
        const steered =
          vectors &&
          start.strength !== 0 &&
          (steering === 'all' || (steering === 'response' && position >= start.prompt));
        const last = position === ids.length - 1;
        rows.push({
          slot,
          position,
          id: ids[position],
          logits: last ? !complete : scored,
          ...(steered && { steering: { vectors, strength: start.strength } }),
        });
      }
    });
    return rows;
  }

  #step(rows: readonly PassRow[]): void {
    const { captured, logits } = this.#pass.run(rows);
    let asked = 0;
    rows.forEach(({ slot, position, logits: has }, row) => {
      const text = this.#texts[slot]!;
      text.fed++;
      this.#sum(text, position, captured.subarray(row * this.#size, (row + 1) * this.#size));
      if (has) this.#look(text, position, logits[asked++]);
    });
    this.#work += rows.length;
  }

  #sum({ start, counts, sums, rows }: Text, position: number, captured: Reals): void {
    start.windows.forEach(([from, to], window) => {
      if (position < from || position >= to) return;
      counts[window]++;
      const at = window * this.#size;
      for (let i = 0; i < this.#size; i++) sums[at + i] += captured[i];
    });
    if (this.options.capture.kept) rows.push(Float32Array.from(captured));
  }

  /** Draws what comes behind a text's last id, or reads off how surprising the one given is. */
  #look(text: Text, position: number, logits: Reals): void {
    const { sampling, ends, scored } = this.options;
    const { ids, start } = text;
    if (position === ids.length - 1) {
      const id = drawToken(logits, sampling, { seed: start.seed, position: ids.length });
      if (ends.includes(id)) {
        text.complete = true;
        return;
      }
      ids.push(id);
      text.complete = ids.length === start.ids.length + start.newTokens;
    }
    if (scored) text.nll.push(surprise(logits, ids[position + 1]));
  }

  async states(): Promise<readonly TextState[]> {
    return this.#texts.flatMap((text, slot) => {
      if (!text) return [];
      const { ids, start, fed, complete, nll } = text;
      return {
        slot,
        drawn: Uint32Array.from(ids.slice(start.ids.length)),
        fed,
        done: complete && fed === ids.length,
        ...(this.options.scored && { nll: Float32Array.from(nll) }),
      };
    });
  }

  async sums(slot: number): Promise<TextSums> {
    const { counts, sums } = this.#text(slot);
    return { counts: [...counts], sums: Float32Array.from(sums) };
  }

  async rows(slot: number): Promise<Float32Array> {
    const { rows } = this.#text(slot);
    const all = new Float32Array(rows.length * this.#size);
    rows.forEach((row, i) => {
      all.set(row, i * this.#size);
    });
    return all;
  }

  async steer(vectors: Float32Array<ArrayBuffer>): Promise<void> {
    this.#vectors = vectors.slice();
  }

  #text(slot: number): Text {
    const text = this.#texts[slot];
    if (!text) throw new RangeError(`slot ${slot} has no text`);
    return text;
  }

  close(): void {
    this.#texts.fill(undefined);
  }
}
