/** A small network of the task "gaussian", trained for the tests on 20,000 simulations. */
import { readFileSync } from 'node:fs';
import type { ImageStack } from '../../../bundle/images.ts';
import type { OwnFiles } from '../../../bundle/own-file.ts';
import { sha256Of } from '../../../bundle/sha256.ts';
import type { ParamValues } from '../../params.ts';
import type { RunInputs } from '../../workload.ts';
import { readNetwork } from '../weights/network-file.ts';
import { flowWorkload } from '../workload.ts';

const PATH = new URL('../../../../tests/flow/fixtures/gaussian.safetensors', import.meta.url);

const bytes = new Uint8Array(readFileSync(PATH));
export const gaussianNetwork = { ...readNetwork('gaussian.safetensors', bytes), bytes };

/** Inputs of a run with that network, unless another is given. */
export async function flowInputs(params: ParamValues = {}, files: OwnFiles = {}): Promise<RunInputs> {
  const inputs = { files: { network: gaussianNetwork, ...files } };
  return { ...inputs, loaded: await flowWorkload.load!({ task: 'gaussian', ...params }, inputs) };
}

/** Observations as a file of shape [rows, numbers] is read. */
export function observationFile(rows: readonly (readonly number[])[], name = 'mine.npy'): ImageStack {
  const pixels = Float32Array.from(rows.flat());
  return { name, n: 1, ny: rows.length, nx: rows[0].length, pixels, sha256: sha256Of(new Uint8Array(pixels.buffer)) };
}
