/** Results that were brought back are not repeated unasked with another file than the one that they came from in the place of what ships. */
import { findWorkload, type RunConfig } from '../../engine/config/run-config.ts';
import type { LackedFile, Store } from './types.ts';

/** Files of the user's that a run took in the place of what ships. */
export function replacedFiles({ workload }: RunConfig, run: Store['run']): LackedFile[] {
  return findWorkload(workload).files.flatMap(({ role, replaces }) => {
    const own = run?.ownFiles?.[role];
    return replaces && own ? [{ role, ...own, ...replaces }] : [];
  });
}

type Repeated = Pick<Store, 'opened' | 'run' | 'ranConfig' | 'config' | 'files'>;

/** The first of them that is not there, where the same work would be done with another now. */
export function lackedFile({ opened, run, ranConfig, config, files }: Repeated): LackedFile | undefined {
  if (!opened || !ranConfig || config.workload !== ranConfig.workload) return undefined;
  return replacedFiles(ranConfig, run).find(
    ({ role, sha256, params }) =>
      files[role]?.sha256 !== sha256 && params.every((key) => config.params[key] === ranConfig.params[key]),
  );
}
