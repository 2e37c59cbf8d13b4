/** What the page shows of the user's files before anything runs. Plain data. */
import type { DecoderSpec } from '../../../nn/transformer/spec.ts';
import type { StoredType } from '../../../nn/transformer/weights.ts';
import type { GivenText } from '../data/texts.ts';
import type { LoadedModel } from '../model.ts';
import type { TextsInput } from './texts-input.ts';

export interface TextsPreview {
  readonly counts: Readonly<Record<GivenText['label'], number>>;
  readonly questions: number;
  /** Texts whose response is given. */
  readonly responses: number;
  readonly definition?: string;
  /** The first of each label. */
  readonly first: readonly Pick<GivenText, 'label' | 'prompt' | 'response' | 'question'>[];
}

/** Texts of each label that are shown. */
const FIRST = 3;
/** Letters of a text that are shown. */
const LETTERS = 240;

const cut = (text: string) => (text.length > LETTERS ? `${text.slice(0, LETTERS)}…` : text);

export function textsPreview({ texts, definition }: Pick<TextsInput, 'texts' | 'definition'>): TextsPreview {
  const of = (label: GivenText['label']) => texts.filter((text) => text.label === label);
  const labels = ['positive', 'negative', 'none'] as const;
  return {
    counts: { positive: of('positive').length, negative: of('negative').length, none: of('none').length },
    questions: new Set(texts.map(({ question }) => question)).size,
    responses: texts.filter(({ response }) => response !== undefined).length,
    ...(definition !== undefined && { definition: cut(definition) }),
    first: labels.flatMap((label) =>
      of(label)
        .slice(0, FIRST)
        .map(({ prompt, response, question }) => ({
          label,
          question,
          prompt: cut(prompt),
          ...(response !== undefined && { response: cut(response) }),
        })),
    ),
  };
}

export interface ModelPreview {
  readonly spec: DecoderSpec;
  readonly parameters: number;
  /** Of all its weights as they are stored. */
  readonly types: readonly StoredType[];
  /** Of its files. */
  readonly bytes: number;
  /** It has a form for conversations. */
  readonly chat: boolean;
  /** Tokens that its tokenizer knows; undefined where it has none, and ids must be pasted. */
  readonly tokens?: number;
  /** The token that it begins a text with. */
  readonly begin?: string;
  readonly sha256: string;
  readonly warnings: readonly string[];
}

/** Bytes of keys and values, and of the residual stream of all layers, that a token takes in f32. */
export function tokenBytes({ layers, width, kvHeads, head }: DecoderSpec): {
  readonly cache: number;
  readonly residual: number;
} {
  return { cache: 2 * layers * kvHeads * head * 4, residual: (layers + 1) * width * 4 };
}

export function modelPreview({
  source,
  parameters,
  tokenizer,
  folder = [],
  sha256,
  warnings,
}: LoadedModel): ModelPreview {
  return {
    spec: source.spec,
    parameters,
    types: source.types,
    bytes: folder.reduce((sum, { bytes }) => sum + bytes, 0),
    chat: tokenizer?.chat !== undefined,
    ...(tokenizer && { tokens: tokenizer.size }),
    ...(tokenizer?.begin !== undefined && { begin: tokenizer.pieces([tokenizer.begin])[0] }),
    sha256,
    warnings,
  };
}
