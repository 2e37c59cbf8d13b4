import { Fragment, Suspense } from 'react';
import { experimentViews } from '../../workloads/views.ts';
import type { Experiment } from '../../workloads/workload.ts';
import {
  energyFormula,
  essFormula,
  leapfrogFormulas,
  posteriorFormula,
  rhatFormula,
} from '../results/posterior/learn/formulas.ts';
import { experiments } from '../state/config.ts';
import { useStore } from '../state/store.ts';
import classes from './LearnTab.module.css';

/** What is computed, how, and how to judge it. */
export default function LearnTab() {
  const experiment = useStore((store) => experiments.find(({ id }) => id === store.config.workload)!);
  const Own = experimentViews[experiment.id]?.Learn;
  return (
    <article className={classes.article}>
      {Own ? (
        <Suspense>
          <Own />
        </Suspense>
      ) : (
        <Chains {...experiment} />
      )}
    </article>
  );
}

function Chains({ blurb, itemName: { one, many } }: Experiment) {
  return (
    <>
      <h2>What is being inferred</h2>
      <p>{blurb}</p>
      <p>
        Each {one} is a problem of its own: an observation, a model that predicts it from a few parameters θ, and a
        prior. The answer is not one value but the posterior, every value weighted by how well it fits and how plausible
        it was before:
      </p>
      {posteriorFormula}
      <p>
        d are the pixels, m(θ) the model&rsquo;s image, σ the noise, c a constant. The live view shows d, m and d − m at
        the sampler&rsquo;s current position.
      </p>

      <h2>How lock-step Hamiltonian Monte Carlo works</h2>
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
      <p>
        The default integrator, the <strong>Gaussian split</strong>, goes further in one step. The fit has already found
        a Gaussian close to the posterior, and motion in a Gaussian is known exactly: in whitened coordinates, position
        and momentum turn in a circle. So it turns exactly around the fitted Gaussian, and its kicks use only what is
        left of the force, the difference between the true gradient and the Gaussian&rsquo;s. Where the posterior is
        Gaussian, nothing is left, every draw is accepted, and a quarter turn gives a draw independent of the last.
        Leapfrog knows nothing of this and needs short steps; it is there to compare, and is the better choice where
        posteriors are wide and cut off by their priors.
      </p>
      <ol>
        <li>
          <strong>Fit.</strong> A few Gauss–Newton steps find the top of each posterior.
        </li>
        <li>
          <strong>Whiten.</strong> The curvature there rescales the parameters, so that every posterior looks like a
          round Gaussian and one step size suits all directions.
        </li>
        <li>
          <strong>Warm up.</strong> Chains start dispersed; each posterior tunes its own step size towards a target
          acceptance.
        </li>
        <li>
          <strong>Sample.</strong> Tuning stops, and the draws are kept.
        </li>
      </ol>
      <p>
        <strong>Lock-step</strong> means that all {many} of a chunk take the same kind of step at the same time, which
        is what a GPU is fast at. They share nothing but the clock: each has its own step size, accepts on its own, and
        its random numbers are addressed by seed, chain and step. So the answer does not depend on how many are in a
        batch.
      </p>

      <h2>Can the answer be trusted?</h2>
      <p>
        Several chains start from different places. If they agree, and each moved enough, their draws can be believed.
      </p>
      <h3>R̂, do the chains agree?</h3>
      {rhatFormula}
      <p>
        It compares the spread between chains, B, with the spread within, W, over N draws each. 1 means that the chains
        cannot be told apart; below 1.01 passes. The form used here works on ranks of half chains, so that it also sees
        chains that drift or have heavy tails.
      </p>
      <h3>ESS, how many independent draws is this worth?</h3>
      {essFormula}
      <p>
        Neighbouring draws resemble each other; ρ<sub>t</sub> is their correlation over t steps. <em>Bulk</em> ESS is
        for the centre, <em>tail</em> ESS for the 5 % and 95 % quantiles. Below 400, even R̂ and the errors themselves
        are not reliable.
      </p>
      <h3>Divergences and E-BFMI</h3>
      {energyFormula}
      <p>
        A divergent transition (an energy error ΔH above 1000) means the integrator fell off a steep slope: some region
        is not explored. E-BFMI below 0.3 means that the kicks are too weak to cross the energy levels of the posterior.
      </p>
      <h3>The bias m and c</h3>
      <p>
        One item cannot show a bias: its error bar is too wide. Many items with known truth can. The line estimate = (1
        + m) · truth + c is fitted through all of them; m and c come with errors, and the page says how many items a
        smaller error would take. A single lucky value near zero proves nothing.
      </p>
    </>
  );
}
