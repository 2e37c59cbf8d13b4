/** What the page shows of a model before anything runs. Plain data. */
import type { DecoderSpec } from '../../nn/transformer/spec.ts';
import type { StoredType } from '../../nn/transformer/weights.ts';
import type { LoadedModel } from './model.ts';

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
