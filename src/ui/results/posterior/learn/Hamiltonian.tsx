import { Fragment, type ReactNode } from 'react';
import { LearnPart } from '../../../learn/LearnPart.tsx';
import { leapfrogFormulas } from './formulas.ts';

interface HamiltonianProps {
  /** Many items of the experiment. */
  readonly many: string;
  /** What an experiment's own sampler does beyond it. */
  readonly children?: ReactNode;
}

/** How chains of Hamiltonian Monte Carlo come to their draws: a part of the Learn tab. */
export function Hamiltonian({ many, children }: HamiltonianProps) {
  return (
    <LearnPart id="learn.sampler" title="How lock-step Hamiltonian Monte Carlo works">
      <p>
        Think of −log p as a landscape and of the parameters as a ball in it. The sampler kicks the ball with a random
        momentum, follows it for a moment, and takes the place where it ends as the next draw. Following is done by
        leapfrog steps of size ε:
      </p>
      {leapfrogFormulas.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: three fixed formulas
        <Fragment key={at}>{step}</Fragment>
      ))}
      <p>
        The steps are not exact, so the total energy H changes a little. The draw is accepted with probability min(1, e
        <sup>−ΔH</sup>), which makes the draws exactly those of the posterior. A rejected proposal means that the chain
        stays where it is: the crosses in the trajectory.
      </p>
      {children}
      <p>
        <strong>Lock-step</strong> means that all {many} of a chunk take the same kind of step at the same time, which
        is what a GPU is fast at. They share nothing but the clock: each has its own step size, accepts on its own, and
        its random numbers are addressed by seed, chain and step. So the answer does not depend on how many are in a
        batch.
      </p>
    </LearnPart>
  );
}
