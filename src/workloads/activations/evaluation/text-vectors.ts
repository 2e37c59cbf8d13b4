/** Vectors that are fitted on the spot, without a run: mean_diff of the residual stream at the last token of each prompt. */
import { ConfigError } from '../../workload.ts';
import type { FittedTable } from '../vectors/growing-table.ts';
import { vectorTable } from '../vectors/table.ts';
import { VECTOR_OPTIONS } from '../vectors/types.ts';
import { runTexts } from './run-texts.ts';
import type { EvaluationSetting } from './setting.ts';

export const TEXT_POSITION = 'prompt[-1]';

/**
 * @param told share of the texts that have been read
 * @throws ConfigError for texts that have not both labels
 */
export async function vectorsOfTexts(
  { model, texts, place, storage, seed }: EvaluationSetting,
  signal: AbortSignal | undefined,
  told: (share: number) => void,
): Promise<FittedTable> {
  const { spec } = model.source;
  const labelled = texts.filter(({ given }) => given.label !== 'none');
  const decoder = await place.open(
    {
      spec,
      storage,
      slots: Math.max(1, Math.min(labelled.length, place.sizes['activations.slots'])),
      context: Math.max(1, ...labelled.map(({ prompt }) => prompt)),
      capture: { components: ['residual'], windows: 1, kept: false },
      sampling: { temperature: 0, topK: 0, topP: 1 },
      ends: [],
      scored: false,
    },
    signal,
  );
  try {
    const done = await runTexts(
      decoder,
      labelled.map(({ ids, prompt }) => ({
        ids: ids.slice(0, prompt),
        prompt,
        newTokens: 0,
        seed: 0,
        windows: [[prompt - 1, prompt] as const],
        strength: 0,
      })),
      { signal, grown: (_, count) => told(count / labelled.length) },
    );
    const entries = spec.layers + 1;
    const values = new Float32Array(labelled.length * entries * spec.width);
    done.forEach(({ sums }, i) => {
      values.set(sums.sums, i * entries * spec.width);
    });
    const questions = new Map<string, number>();
    const number = (name: string) => questions.get(name) ?? questions.set(name, questions.size).size - 1;
    const part = { position: TEXT_POSITION, component: 'residual' as const, entries, width: spec.width, values };
    return await vectorTable(
      {
        n: labelled.length,
        y: Uint8Array.from(labelled, ({ given }) => Number(given.label === 'positive')),
        question: Uint32Array.from(labelled, ({ given }) => number(given.question)),
        length: Uint32Array.from(labelled, ({ prompt }) => prompt),
        parts: [part],
      },
      { ...VECTOR_OPTIONS, methods: ['mean_diff'], seed },
      () => new Promise((resolve) => setTimeout(resolve)),
    );
  } catch (error) {
    if (error instanceof RangeError) throw new ConfigError('trait', `${error.message}.`);
    throw error;
  } finally {
    decoder.close();
  }
}
