/** A training of a score network that is not over, as a file. */
import * as v from 'valibot';
import { scoreTensors } from '../../../nn/score-network/tensors.ts';
import { damaged, decodeTraining, encodeTraining } from '../../../nn/training/checkpoint-file.ts';
import { ConfigError } from '../../workload.ts';
import type { TokenData } from '../data/types.ts';
import { checkCellsRecipe, specFor } from './check-recipe.ts';
import type { CellsCheckpoint } from './run.ts';

const FORMAT = 'lockstep-cells-training-1';
const BEST = 'best';

const number = v.pipe(v.number(), v.finite());
const judgement = v.object({ step: number, nats: number, error: number });
const ABOUT = v.object({
  recipe: v.unknown(),
  data: v.string(),
  judgements: v.array(judgement),
  bestAt: v.optional(judgement),
  order: v.object({ normParts: number, gradientParts: number }),
});

export function encodeCellsCheckpoint(checkpoint: CellsCheckpoint): Uint8Array<ArrayBuffer> {
  const { recipe, data, judgements, best, order, ...kept } = checkpoint;
  const bestAt = best && { step: best.step, nats: best.nats, error: best.error };
  return encodeTraining(FORMAT, { recipe, data, judgements, bestAt, order }, kept, best && { [BEST]: best.weights });
}

/**
 * @param hash "sha256:…" of the tokens, as the training had it
 * @throws FileError for a file that is damaged or none of ours; ConfigError for other data, or a recipe that cannot be trained on them
 */
export function decodeCellsCheckpoint(
  file: string,
  bytes: Uint8Array,
  tokens: TokenData,
  hash: string,
): CellsCheckpoint {
  const { about, kept, more } = decodeTraining(file, bytes, FORMAT);
  const found = v.safeParse(ABOUT, about);
  if (!found.success) throw damaged(file);
  const { recipe: written, data, judgements, bestAt, order } = found.output;
  if (data !== hash)
    throw new ConfigError(
      'data',
      `the training in ${file} began with other cells, genes or bins. Give the same, or train into another file.`,
    );
  const recipe = checkCellsRecipe(written);
  const { size } = scoreTensors(specFor(recipe, tokens), recipe.precision).table;
  const weights = more(BEST, size);
  const best = bestAt && weights ? { ...bestAt, weights } : undefined;
  return { recipe, data, judgements, best, order, ...kept(size) };
}
