/** The vector that steering and tracing go by, from wherever it was chosen, at any layer. */
import type { RunInputs } from '../../workload.ts';
import { ConfigError } from '../../workload.ts';
import type { EvaluationSetting } from '../evaluation/setting.ts';
import { TEXT_POSITION, vectorsOfTexts } from '../evaluation/text-vectors.ts';
import { vectorsOf } from '../files/given.ts';
import { fittedVectors } from './fitted-vectors.ts';
import type { VectorChoice } from './vector-types.ts';

export interface ChosenVector {
  /** Where it is from, in words. */
  readonly words: string;
  /** Behind this block, counted from 1. */
  readonly layer: number;
  /** Of length 1, at a layer; undefined where there is none. */
  at(layer: number): Float32Array | undefined;
  /** Held-out AUC at every layer from the embedding on, where it was fitted. */
  readonly aucs?: readonly number[];
}

/** @throws ConfigError for a vector that is not there, or does not fit the model */
export async function chosenVector(
  choice: VectorChoice,
  setting: EvaluationSetting,
  inputs: RunInputs,
  signal: AbortSignal | undefined,
  told: (what: string, share: number) => void,
): Promise<ChosenVector> {
  const { spec } = setting.model.source;
  const chosen = await chosenOf(choice, setting, inputs, signal, told);
  const { layer } = chosen;
  const vector = chosen.at(layer);
  if (!vector || layer < 1 || layer > spec.layers)
    throw new ConfigError('vector', `there is no vector behind block ${layer}. Choose one from 1 to ${spec.layers}.`);
  if (vector.length !== spec.width)
    throw new ConfigError(
      'vector',
      `it has ${vector.length} numbers, and the stream of ${setting.model.name} has ${spec.width}. Give one that was made with this model.`,
    );
  return chosen;
}

async function chosenOf(
  choice: VectorChoice,
  setting: EvaluationSetting,
  inputs: RunInputs,
  signal: AbortSignal | undefined,
  told: (what: string, share: number) => void,
): Promise<ChosenVector> {
  switch (choice.from) {
    case 'fitted': {
      const { position, method, layer } = choice;
      if (choice.component !== 'residual')
        throw new ConfigError(
          'vector',
          `${choice.component} is no stream that can be steered. Choose one of residual.`,
        );
      return {
        words: `${method} at ${position}, of the run’s texts`,
        layer,
        at: (layer) => fittedVectors.find({ ...choice, layer })?.vector,
      };
    }
    case 'file': {
      const { spec } = setting.model.source;
      const behind = (steerLayer: number) => vectorsOf(inputs, { strength: 1, steerLayer }, spec)!;
      const { name, byBlock } = behind(choice.layer ?? setting.params.steerLayer);
      const blocks = [...byBlock.keys()].sort((a, b) => a - b);
      return {
        words: name,
        layer: choice.layer ?? blocks[Math.floor(blocks.length / 2)],
        at: (layer) => {
          try {
            return unit(behind(layer).byBlock.get(layer)!);
          } catch (error) {
            if (error instanceof ConfigError) return undefined;
            throw error;
          }
        },
      };
    }
    case 'texts': {
      const { vectors, table } = await vectorsOfTexts(setting, signal, (share) =>
        told('Reading texts for a vector', share),
      );
      const aucs = table.scores.map(({ heldOut }) => heldOut.auc.value);
      return {
        words: `mean_diff at ${TEXT_POSITION}, of ${setting.texts.length} texts`,
        // By scores inside the training parts; of a single block there is nothing to choose.
        layer: choice.layer ?? table.choices[0]?.layer ?? 1,
        at: (layer) => vectors.find((each) => each.layer === layer)?.vector,
        aucs,
      };
    }
  }
}

export function unit(vector: Float32Array): Float32Array<ArrayBuffer> {
  const norm = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return Float32Array.from(vector, (x) => x / norm);
}
