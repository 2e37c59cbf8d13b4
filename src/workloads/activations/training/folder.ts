/** A trained model as a folder that this experiment, and transformers, read. */
import type { DecoderSpec } from '../../../nn/transformer/spec.ts';
import { llamaConfig, llamaWeights } from '../../../nn/transformer/training/llama-files.ts';
import { BEGIN, END, tokenizerConfig, wordTokenizer } from '../../language-models/stories/tokenizer.ts';
import type { Baselines } from './corpus.ts';
import type { HeldOutLoss, StoryTrainingRun } from './run.ts';

export interface Told {
  readonly adapter: string;
  /** The day, as in 2026-12-01. */
  readonly date: string;
  readonly score?: HeldOutLoss;
  readonly baselines: Baselines;
}

const json = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, undefined, 1)}\n`);

/** Files that follow from the model's shape and its words. */
export const derivedFiles = (
  spec: DecoderSpec,
  vocabulary: Readonly<Record<string, number>>,
): [string, Uint8Array<ArrayBuffer>][] => [
  ['config.json', json(llamaConfig(spec, BEGIN, END))],
  ['tokenizer.json', json(wordTokenizer(vocabulary))],
  ['tokenizer_config.json', json(tokenizerConfig(spec.positions))],
];

/** Files by their names; `provenance.json` is ours, the others are those of Hugging Face. */
export function modelFiles(run: StoryTrainingRun, told: Told): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const { spec, corpus } = run;
  const { step, weights } = run.chosen;
  return new Map([
    ...derivedFiles(spec, corpus.vocabulary),
    ['model.safetensors', llamaWeights(spec, weights)],
    ['provenance.json', json(provenanceOf(run, step, told))],
  ]);
}

/** Where the model comes from. Losses in nats a token. */
function provenanceOf(run: StoryTrainingRun, step: number, { adapter, date, score, baselines }: Told) {
  const { recipe, elapsedMs, judgements } = run.checkpoint;
  const { optimiser, ...others } = recipe;
  const { corpus } = run;
  return {
    source: corpus.source,
    date,
    adapter,
    steps: step,
    seconds: Math.round(elapsedMs / 1000),
    recipe: { ...others, ...optimiser },
    tokens: corpus.list.length,
    ...(score && { heldOutLoss: score.nats, heldOutLossError: score.error, heldOutTexts: score.texts }),
    ...(corpus.entropy !== undefined && { entropyOfTheGrammar: corpus.entropy }),
    unigramLoss: baselines.unigram,
    bigramLoss: baselines.bigram,
    validation: judgements.map(({ step: at, nats }) => ({ step: at, nats })),
  };
}
