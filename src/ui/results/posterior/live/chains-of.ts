import type { ChainsLook } from '../../../../results/posterior/chains-look.ts';
import type { Peek } from '../../../../workloads/workload.ts';

/** What a look at an item of a run shows of its chains; undefined where its posteriors do not come of chains. */
export function chainsOf(peek: Peek | undefined): ChainsLook | undefined {
  return peek?.own as ChainsLook | undefined;
}
