import { LearnPart } from '../../../ui/learn/LearnPart.tsx';
import { Hamiltonian } from '../../../ui/results/posterior/learn/Hamiltonian.tsx';
import { ItemOfItsOwn } from '../../../ui/results/posterior/learn/ItemOfItsOwn.tsx';
import { Trust } from '../../../ui/results/posterior/learn/Trust.tsx';
import { shearExperiment } from '../experiment.ts';
import { pixelFormula } from './formulas.ts';

/** What is inferred from a stamp, how its chains are run, and how to judge them: a part of the Learn tab. */
export default function ShearLearn() {
  const {
    blurb,
    itemName: { one, many },
  } = shearExperiment;
  return (
    <>
      <LearnPart id="learn.inferred" title="What is being inferred" open>
        <p>{blurb}</p>
        <ItemOfItsOwn one={one} />
        {pixelFormula}
        <p>
          d are the pixels, m(θ) the model&rsquo;s image, σ the noise, c a constant. The live view shows d, m and d − m
          at the sampler&rsquo;s current position.
        </p>
      </LearnPart>
      <Hamiltonian many={many}>
        <p>
          The default integrator, the <strong>Gaussian split</strong>, goes further in one step. The fit has already
          found a Gaussian close to the posterior, and motion in a Gaussian is known exactly: in whitened coordinates,
          position and momentum turn in a circle. So it turns exactly around the fitted Gaussian, and its kicks use only
          what is left of the force, the difference between the true gradient and the Gaussian&rsquo;s. Where the
          posterior is Gaussian, nothing is left, every draw is accepted, and a quarter turn gives a draw independent of
          the last. Leapfrog knows nothing of this and needs short steps; it is there to compare, and is the better
          choice where posteriors are wide and cut off by their priors.
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
      </Hamiltonian>
      <Trust />
    </>
  );
}
