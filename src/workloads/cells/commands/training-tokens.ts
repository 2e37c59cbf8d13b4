/** The cells that a training is asked for by flags. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type FlagValues, numberOf, textOf } from '../../../cli/flag-values.ts';
import { ConfigError } from '../../workload.ts';
import { DEFAULT_BINS, makeBins } from '../data/bins.ts';
import { shippedTokens } from '../data/shipped.ts';
import { tokenise } from '../data/tokenise.ts';
import type { BinKind, TokenData } from '../data/types.ts';

/** @throws ConfigError naming the flag at fault; FileError for a file that cannot be read */
export async function trainingTokens(values: FlagValues): Promise<TokenData> {
  const bins = makeBins((textOf(values, 'binKind') ?? 'octave') as BinKind, numberOf(values, 'bins') ?? DEFAULT_BINS);
  const path = textOf(values, 'data');
  if (path === undefined) return shippedTokens(bins);
  const bytes = await readFile(path).catch((error: Error) => {
    throw new ConfigError('data', `cannot read ${path}: ${error.message}.`);
  });
  const { readCounts } = await import('../../../bundle/anndata/read-counts.ts');
  const table = await readCounts(basename(path), new Uint8Array(bytes));
  return tokenise(table, {
    genes: numberOf(values, 'genes'),
    bins,
    perturbation: textOf(values, 'perturbation'),
    cellType: textOf(values, 'cellType'),
    control: textOf(values, 'control'),
    source: basename(path),
  });
}
