/** Weights that are to be halves: refused where a half cannot hold them. */
import { FileError } from '../../bundle/file-error.ts';
import type { WeightStorage } from './batch.ts';
import type { WeightPiece, WeightSource } from './weights.ts';

const LARGEST = 65_504;

/** The source, its pieces looked at on their way where matrices are stored as halves; vectors stay f32. */
export function withinRange(source: WeightSource, storage: WeightStorage): WeightSource {
  if (storage !== 'f16') return source;
  return {
    ...source,
    async *pieces(pieceBytes, signal) {
      for await (const piece of source.pieces(pieceBytes, signal)) {
        if (piece.tensor.shape.length === 2 && piece.stored?.type !== 'F16') check(piece);
        yield piece;
      }
    },
  };
}

/** @throws FileError for a number that a half does not hold */
function check({ tensor, values }: WeightPiece): void {
  for (const value of values)
    if (Math.abs(value) > LARGEST)
      throw new FileError(
        tensor.name,
        `a number of it is ${value}, and halves end at ±${LARGEST.toLocaleString('en')}`,
        'Store the weights as bf16 or f32.',
      );
}
