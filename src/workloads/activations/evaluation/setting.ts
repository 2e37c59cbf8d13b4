/** What evaluations beside runs are told: model, texts and form, and how they tell of themselves. */
import type { WeightStorage } from '../../../nn/transformer/batch.ts';
import type { EncodedText } from '../../language-models/encode.ts';
import type { LoadedModel } from '../../language-models/model.ts';
import type { Precision } from '../../workload.ts';
import { STORAGES } from '../configured.ts';
import type { ActivationsParams } from '../params.ts';
import type { DecoderPlace } from './place.ts';

export interface EvaluationSetting {
  readonly model: LoadedModel;
  readonly texts: readonly EncodedText[];
  readonly params: ActivationsParams;
  readonly seed: number;
  readonly storage: WeightStorage;
  readonly place: DecoderPlace;
}

export interface EvaluationHooks<Row, Table> {
  readonly signal?: AbortSignal;
  progress?(told: { what: string; done: number; of: number; share: number }): void;
  row?(row: Row, table: Table): void;
}

export const storageOf = (precision: Precision): WeightStorage => STORAGES[precision] ?? 'f32';

/** "stories: llama, 4 blocks of 64, 0.2 million parameters" */
export function modelWords({ name, parameters, source: { spec } }: LoadedModel): string {
  const millions = (parameters / 1e6).toPrecision(3);
  return `${name}: ${spec.family}, ${spec.layers} blocks of ${spec.width}, ${millions} million parameters`;
}

/** Tokens as they stand in a text; ids where the model has no tokenizer. */
export const piecesOf = ({ tokenizer }: LoadedModel, ids: readonly number[]): string[] =>
  tokenizer ? tokenizer.pieces(ids) : ids.map((id) => `${id} `);
