/** Files as a run is given them: read by their roles, then loaded as the experiment loads them. */
import type { OwnFiles } from '../../src/bundle/own-file.ts';
import { analysisFiles } from '../../src/workloads/analysis/files/roles.ts';
import { loadAnalysis } from '../../src/workloads/analysis/load.ts';
import type { ParamValues } from '../../src/workloads/params.ts';

/** @param given name and bytes by role */
export async function readFiles(
  given: Readonly<Record<string, readonly [name: string, bytes: Uint8Array<ArrayBuffer>]>>,
): Promise<OwnFiles> {
  const read = Object.entries(given).map(async ([role, [name, bytes]]) => {
    const { input } = await analysisFiles.find((each) => each.role === role)!.read(name, bytes);
    return [role, input] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

export const loadedFrom = async (given: Parameters<typeof readFiles>[0], params: ParamValues = {}) =>
  loadAnalysis(params, { files: await readFiles(given) });
