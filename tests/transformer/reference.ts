/** Values of independent programs, for evidence: the folder `data/activations` of the reference data. */

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { bytesFolder } from '../../src/bundle/file-folder.ts';
import { tensorsIn } from '../../src/bundle/safetensors-folder.ts';

/** @throws Error without LOCKSTEP_SHARED */
export function referenceFolder(): string {
  const { LOCKSTEP_SHARED } = process.env;
  if (!LOCKSTEP_SHARED) throw new Error('LOCKSTEP_SHARED names no folder with data/activations');
  return resolve(LOCKSTEP_SHARED, 'data/activations');
}

export interface ReferenceTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Tensors of F64 in a safetensors file. */
export async function readReference(path: string): Promise<ReadonlyMap<string, ReferenceTensor>> {
  const bytes = new Uint8Array(await readFile(path));
  const tensors = await tensorsIn(bytesFolder(path, { 'model.safetensors': bytes }));
  const all = new Map<string, ReferenceTensor>();
  for (const { name, shape, file, from, bytes: size } of tensors.values())
    all.set(name, { shape, data: new Float64Array((await file.read(from, from + size)).buffer) });
  return all;
}
