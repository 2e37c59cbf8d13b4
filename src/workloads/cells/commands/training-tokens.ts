/** The cells that a training is asked for by flags: a file read as `run --data` reads it, or those that ship. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type FlagValues, numberOf, textOf } from '../../../cli/flag-values.ts';
import { ConfigError } from '../../workload.ts';
import { DEFAULT_BINS, makeBins } from '../data/bins.ts';
import { DEFAULT_GENES } from '../data/genes.ts';
import { shippedTokens } from '../data/shipped.ts';
import { tokenise } from '../data/tokenise.ts';
import type { BinKind, TokenData } from '../data/types.ts';
import { labelOptions } from '../files/data-input.ts';
import { readData } from '../files/read-data.ts';

/** Flags of a file's options, by the names of its role. */
const OPTIONS = {
  matrix: 'matrix',
  perturbationColumn: 'perturbation-column',
  controlLabel: 'control-label',
  cellTypeColumn: 'cell-type-column',
} as const;

/** @throws ConfigError naming the flag at fault; FileError for a file that cannot be read */
export async function trainingTokens(values: FlagValues): Promise<TokenData> {
  const bins = makeBins((textOf(values, 'bins') ?? 'octave') as BinKind, numberOf(values, 'binCount') ?? DEFAULT_BINS);
  const path = textOf(values, 'data');
  const options = Object.entries(OPTIONS).flatMap(([flag, option]) => {
    const given = textOf(values, flag);
    return given === undefined ? [] : [[option, given] as const];
  });
  if (path === undefined) {
    const [first] = options;
    if (first) throw new ConfigError(first[0], 'it says something of a file: give one with --data.');
    return shippedTokens(bins);
  }
  const bytes = await readFile(path).catch((error: Error) => {
    throw new ConfigError('data', `cannot read ${path}: ${error.message}.`);
  });
  const { input } = await readData(basename(path), new Uint8Array(bytes), Object.fromEntries(options));
  const list = textOf(values, 'geneList');
  const genes = list?.trim() ? list.split(',') : (numberOf(values, 'genes') ?? DEFAULT_GENES);
  return tokenise(input.table, { genes, bins, ...labelOptions(input) });
}
