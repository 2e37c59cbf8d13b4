/** Results that were brought back are not repeated with another network unasked. */
import type { OwnNetwork } from '../../engine/own-network.ts';
import type { Store } from './types.ts';

type Repeated = Pick<Store, 'opened' | 'run' | 'ranConfig' | 'config' | 'files'>;

/** The network of one's own that the results on screen came from, where a run of the same task would take another now. */
export function lackedNetwork({ opened, run, ranConfig, config, files }: Repeated): OwnNetwork | undefined {
  const network = opened && run?.network;
  if (!network || !ranConfig || files.network?.sha256 === network.sha256) return undefined;
  const same = config.workload === ranConfig.workload && config.params.task === ranConfig.params.task;
  return same ? network : undefined;
}
