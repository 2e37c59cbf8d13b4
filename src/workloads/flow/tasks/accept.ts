/** Rejection sampling with addressed numbers. */
import type { RandomKey } from '../../../stats/threefry.ts';
import { outOfReach } from '../rejection.ts';
import { ProposalNumbers } from './random.ts';
import { PosteriorError } from './task.ts';

/** Proposals per draw before an observation counts as hopeless: a minute or two at most for the draws that a comparison takes. */
const PROPOSALS_PER_DRAW = 2000;
const LEAST_PROPOSALS = 2_000_000;
/** So often it is asked whether that can be had at all. */
const LOOK_EVERY = 2 ** 17;

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
    if (proposal === limit || (proposal > 0 && proposal % LOOK_EVERY === 0 && outOfReach(n, draw, proposal, limit))) {
      const accepted = draw === 0 ? 'no proposal' : `only ${draw}`;
      throw new PosteriorError(
        `${accepted} of ${proposal.toLocaleString('en-US')} fell inside the prior, and ${n} are wanted: the prior hardly makes such data, or cuts off nearly all of its posterior. Check the observation's values and their order`,
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
