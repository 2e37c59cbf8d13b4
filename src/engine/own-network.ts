/** The network that a run took in the place of the one that ships. */
import type { RunInputs } from '../workloads/workload.ts';

export interface OwnNetwork {
  readonly name: string;
  /** "sha256:…" of its bytes. */
  readonly sha256: string;
}

/** The user's, where the experiment took it: one that is loaded for another experiment is none of a run's. */
export function ownNetwork({ network, loaded }: RunInputs): OwnNetwork | undefined {
  return network && loaded?.sha256 === network.sha256 ? { name: network.name, sha256: network.sha256 } : undefined;
}

/** The same out of what a run.json notes about its run; undefined for the network that ships, and for what does not say. */
export function recordedNetwork(ran: unknown): OwnNetwork | undefined {
  const { network, loaded } = (ran ?? {}) as { network?: Partial<OwnNetwork>; loaded?: Partial<OwnNetwork> };
  const { name, sha256 } = network ?? {};
  if (typeof name !== 'string' || typeof sha256 !== 'string' || loaded?.sha256 !== sha256) return undefined;
  return { name, sha256 };
}
