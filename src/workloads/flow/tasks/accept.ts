/** Rejection sampling with addressed numbers. */
import type { RandomKey } from '../../../stats/threefry.ts';
import { ProposalNumbers } from './random.ts';
import { PosteriorError } from './task.ts';

/** Proposals per draw before an observation counts as hopeless. */
const PROPOSALS_PER_DRAW = 10_000;
const LEAST_PROPOSALS = 1_000_000;

/**
 * n accepted proposals, [n, dim], in the order of their numbers.
 * @param propose fills `out` and tells whether it is accepted.
 */
export function acceptDraws(
  n: number,
  dim: number,
  key: RandomKey,
  propose: (numbers: ProposalNumbers, out: Float64Array) => boolean,
): Float64Array {
  const draws = new Float64Array(n * dim);
  const limit = Math.max(LEAST_PROPOSALS, PROPOSALS_PER_DRAW * n);
  let proposal = 0;
  for (let draw = 0; draw < n; ) {
    if (proposal === limit) {
      throw new PosteriorError(
        `${draw} of ${limit} proposals were accepted: the prior hardly makes such data. Check the observation's values and their order`,
      );
    }
    const out = draws.subarray(draw * dim, (draw + 1) * dim);
    if (propose(new ProposalNumbers(key, proposal++), out)) draw++;
  }
  return draws;
}

/** Share of `proposals` that is accepted. */
export function acceptedShare(
  proposals: number,
  dim: number,
  key: RandomKey,
  propose: (numbers: ProposalNumbers, out: Float64Array) => boolean,
): number {
  const out = new Float64Array(dim);
  let accepted = 0;
  for (let proposal = 0; proposal < proposals; proposal++) {
    if (propose(new ProposalNumbers(key, proposal), out)) accepted++;
  }
  return accepted / proposals;
}
