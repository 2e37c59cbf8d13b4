/** A run of activations: which model, which texts as ids, which positions of each are averaged. */
import type { SamplingSpec } from '../../nn/transformer/batch.ts';
import { type CapturedPart, COMPONENTS, type Component, capturedParts } from '../../nn/transformer/capture.ts';
import type { ItemInfo } from '../../results/item.ts';
import { type EncodedText, textError } from '../language-models/encode.ts';
import type { LoadedModel } from '../language-models/model.ts';
import type { Problem } from '../workload.ts';
import { type Position, parsePositions } from './data/positions.ts';
import type { SteeringVectors } from './files/given.ts';
import type { ActivationsParams } from './params.ts';

/** What a run does with every text. */
export interface TextSettings {
  readonly params: ActivationsParams;
  readonly model: LoadedModel;
  readonly positions: readonly Position[];
  readonly components: readonly Component[];
  readonly parts: readonly CapturedPart[];
  /** Numbers of a captured row. */
  readonly rowSize: number;
  readonly sampling: SamplingSpec;
  /** Positions of the longest text, its new tokens included. */
  readonly context: number;
  /** Tokens of the longest response, given or drawn: places of `tokens` in every result. */
  readonly responseLength: number;
}

export interface ActivationsProblem extends Problem {
  readonly settings: TextSettings;
  /** Of every item. */
  readonly texts: readonly EncodedText[];
  readonly vectors?: SteeringVectors;
  /** Where the texts come from: names of the user's files, or words for those that ship. */
  readonly from: string;
}

const KEPT: Readonly<Record<ActivationsParams['components'], readonly Component[]>> = {
  residual: ['residual'],
  contributions: ['residual', 'attn_contribution', 'mlp_contribution'],
  all: COMPONENTS,
};

export const componentsOf = ({ components }: Pick<ActivationsParams, 'components'>) => KEPT[components];

/** Tokens that are drawn behind a text at most: none where its response is given. */
export const newTokensOf = ({ params }: Pick<TextSettings, 'params'>, { given }: EncodedText) =>
  given.response === undefined ? params.maxNewTokens : 0;

/** @throws ConfigError for positions that cannot be read, or a text that is too long for the model */
export function settingsOf(params: ActivationsParams, model: LoadedModel, texts: readonly EncodedText[]): TextSettings {
  const components = componentsOf(params);
  const { parts, size } = capturedParts(model.source.spec, components);
  let [context, responseLength] = [1, 0];
  for (const text of texts) {
    const drawn = newTokensOf({ params }, text);
    requirePlace(text, drawn, model);
    context = Math.max(context, text.ids.length + drawn);
    responseLength = Math.max(responseLength, text.ids.length - text.prompt + drawn);
  }
  const { temperature, topK, topP } = params;
  return {
    params,
    model,
    positions: parsePositions(params.position),
    components,
    parts,
    rowSize: size,
    // What the form does not show has no say.
    sampling: temperature === 0 ? { temperature: 0, topK: 0, topP: 1 } : { temperature, topK, topP },
    context,
    responseLength,
  };
}

function requirePlace(text: EncodedText, drawn: number, { name, source }: LoadedModel): void {
  const { positions } = source.spec;
  const { length } = text.ids;
  if (length + drawn <= positions) return;
  const news = drawn > 0 ? ` and ${drawn} new ones` : '';
  throw textError(
    text.given,
    `has ${length} tokens${news}, and ${name} has ${positions} positions`,
    length < positions
      ? `Choose at most ${positions - length} new tokens, or shorten it`
      : 'Shorten it, or leave it out',
  );
}

/** Exact bytes of the arrays of an item (`result.ts`). */
export function resultBytes({ positions, rowSize, responseLength }: TextSettings): number {
  return 4 * (positions.length * (1 + rowSize) + responseLength);
}

export function activationsProblem(
  settings: TextSettings,
  texts: readonly EncodedText[],
  from: string,
  warnings: readonly string[],
  seed: number,
  vectors?: SteeringVectors,
): ActivationsProblem {
  const width = String(texts.length).length;
  const items: ItemInfo[] = texts.map((_, index) => ({
    index,
    runId: `text_${String(index + 1).padStart(width, '0')}_s${(seed + index) >>> 0}`,
    // Wraps: a seed is a word of 32 bits.
    seed: (seed + index) >>> 0,
    truth: {},
  }));
  const { layers, width: size, vocabulary } = settings.model.source.spec;
  return {
    settings,
    texts,
    from,
    ...(vectors && { vectors }),
    items,
    parameters: [],
    notes: [
      `${texts.length} texts of ${from}, read by ${settings.model.name}: ${layers} blocks of ${size}, ${vocabulary} tokens.`,
    ],
    warnings,
  };
}
