/** Reads the project's reference networks (float64, by programs of their own) from the folder that LOCKSTEP_SHARED names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NumericArray } from '../../src/bundle/array-data.ts';
import { decodeNpy } from '../../src/bundle/npy.ts';
import { ZipReader } from '../../src/bundle/read-zip.ts';
import { decodeScoreNetwork, type ScoreNetworkFile } from '../../src/nn/score-network/safetensors.ts';
import type { ScoreVariant } from '../../src/nn/score-network/spec.ts';

export interface Reference extends ScoreNetworkFile {
  /** Arrays of `reference.npz` by name. */
  array(name: string): Promise<NumericArray>;
}

/** @throws Error where LOCKSTEP_SHARED is not set */
export async function readReference(variant: ScoreVariant): Promise<Reference> {
  const shared = process.env.LOCKSTEP_SHARED;
  if (!shared)
    throw new Error('Set LOCKSTEP_SHARED to the folder with data/cells/forward-lockstep and forward-origin.');
  const folder = join(shared, 'data/cells', `forward-${variant}`);
  const bytes = (file: string) => new Uint8Array(readFileSync(join(folder, file)));
  // Four heads of 8 numbers: no shape tells.
  const network = decodeScoreNetwork('weights.safetensors', bytes('weights.safetensors'), { heads: 4 });
  const zip = await ZipReader.open('reference.npz', new Blob([bytes('reference.npz')]));
  return {
    ...network,
    array: async (name) => decodeNpy(name, await zip.bytes(`${name}.npy`, 2 ** 30)),
  };
}
