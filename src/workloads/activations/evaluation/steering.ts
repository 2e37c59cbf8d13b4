/** Texts written under a vector: with a decoder that stays open, at one strength after the other. */
import type { DecoderBatch } from '../../../nn/transformer/batch.ts';
import { runTexts } from './run-texts.ts';
import type { EvaluationSetting } from './setting.ts';

export interface SteerQuestion {
  /** Ids of every prompt. */
  readonly prompts: readonly (readonly number[])[];
  readonly textsEach: number;
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly seed: number;
  readonly where: 'all' | 'response';
}

/** What is added, and behind which block, counted from 1. */
export interface Push {
  readonly layer: number;
  /** Of length 1, times this. */
  readonly vector: Float32Array;
  readonly length: number;
}

/** A response so far, by the number of the text: prompts one after the other, the texts of each together. */
export interface WrittenText {
  readonly drawn: readonly number[];
  readonly done: boolean;
  /** Mean −log p of the response under the model as it is, nats a token. */
  readonly nll?: number;
}

export class Steering {
  readonly #setting: EvaluationSetting;
  readonly #question: SteerQuestion;
  readonly #decoder: DecoderBatch;
  readonly #texts: readonly { readonly ids: readonly number[]; readonly seed: number }[];

  private constructor(setting: EvaluationSetting, question: SteerQuestion, decoder: DecoderBatch) {
    this.#setting = setting;
    this.#question = question;
    this.#decoder = decoder;
    const { prompts, textsEach, seed } = question;
    this.#texts = prompts.flatMap((ids, prompt) =>
      Array.from({ length: textsEach }, (_, draw) => ({ ids, seed: (seed + prompt * textsEach + draw) >>> 0 })),
    );
  }

  /** Takes the decoder's memory until `close`. */
  static async open(setting: EvaluationSetting, question: SteerQuestion, signal?: AbortSignal): Promise<Steering> {
    const { model, place, storage } = setting;
    const { prompts, textsEach, maxNewTokens, temperature, where } = question;
    const decoder = await place.open(
      {
        spec: model.source.spec,
        storage,
        slots: Math.min(prompts.length * textsEach, place.sizes['activations.slots']),
        context: Math.max(...prompts.map(({ length }) => length)) + maxNewTokens,
        capture: { components: [], windows: 0, kept: false },
        sampling: { temperature, topK: 0, topP: 1 },
        ends: model.ends,
        steering: where,
        scored: true,
      },
      signal,
    );
    return new Steering(setting, question, decoder);
  }

  get count(): number {
    return this.#texts.length;
  }

  /** Positions computed so far. */
  get work(): number {
    return this.#decoder.work;
  }

  /**
   * All texts under a push: the same random numbers whatever it is.
   * @throws the signal's reason when aborted: the texts so far are lost
   */
  async write(push: Push, signal: AbortSignal, grown: (texts: readonly WrittenText[]) => void): Promise<WrittenText[]> {
    const { spec } = this.#setting.model.source;
    const { maxNewTokens } = this.#question;
    const rows = new Float32Array(spec.layers * spec.width);
    rows.set(push.vector, (push.layer - 1) * spec.width);
    await this.#decoder.steer(rows);
    const texts = this.#texts.map(({ ids, seed }) => ({
      ids,
      prompt: ids.length,
      newTokens: maxNewTokens,
      seed,
      windows: [],
      strength: push.length,
    }));
    const steered = await runTexts(this.#decoder, texts, {
      signal,
      grown: (drawn) => grown(texts.map((_, i) => ({ drawn: drawn.get(i) ?? [], done: false }))),
    });
    // How well the model as it is would have written them: read again, unsteered.
    const read =
      push.length === 0
        ? steered
        : await runTexts(
            this.#decoder,
            texts.map((text, i) => ({ ...text, ids: [...text.ids, ...steered[i].drawn], newTokens: 0, strength: 0 })),
            { signal },
          );
    return steered.map(({ drawn }, i) => {
      const own = read[i].nll!.subarray(texts[i].prompt - 1, texts[i].prompt - 1 + drawn.length);
      const sum = own.reduce((sum, value) => sum + value, 0);
      return { drawn, done: true, ...(drawn.length > 0 && { nll: sum / drawn.length }) };
    });
  }

  close(): void {
    this.#decoder.close();
  }
}

/** Mean length of the residual stream behind every block, over all tokens of some texts, [layers + 1]: units of strength. */
export async function residualNorms(
  { model, place, storage }: EvaluationSetting,
  prompts: readonly (readonly number[])[],
  signal?: AbortSignal,
): Promise<Float64Array> {
  const { spec } = model.source;
  const decoder = await place.open(
    {
      spec,
      storage,
      slots: 1,
      context: Math.max(...prompts.map(({ length }) => length)),
      capture: { components: ['residual'], windows: 0, kept: true },
      sampling: { temperature: 0, topK: 0, topP: 1 },
      ends: [],
      scored: false,
    },
    signal,
  );
  try {
    const texts = prompts.map((ids) => ({ ids, prompt: ids.length, newTokens: 0, seed: 0, windows: [], strength: 0 }));
    const norms = new Float64Array(spec.layers + 1);
    const done = await runTexts(decoder, texts, { signal });
    const tokens = prompts.reduce((sum, { length }) => sum + length, 0);
    for (const { rows } of done)
      for (let at = 0; at < rows!.length; at += spec.width) {
        let square = 0;
        for (let k = at; k < at + spec.width; k++) square += rows![k] ** 2;
        norms[(at / spec.width) % (spec.layers + 1)] += Math.sqrt(square) / tokens;
      }
    return norms;
  } finally {
    decoder.close();
  }
}
