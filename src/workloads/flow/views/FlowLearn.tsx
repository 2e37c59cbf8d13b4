import { LearnPart } from '../../../ui/learn/LearnPart.tsx';
import { flowFormula, lossFormula, midpointFormula, pathFormula } from './formulas.ts';

/** How flow matching samples posteriors, and how to judge it: a part of the Learn tab. */
export default function FlowLearn() {
  return (
    <>
      <LearnPart id="learn.inferred" title="What is being inferred" open>
        <p>
          A simulator turns parameters θ into data y, with noise. Given observed data, the answer is the posterior p(θ |
          y): every θ weighted by how plausible it was before and how likely it makes these data. Here the density is
          never computed. A network learns from simulations alone, once, and then answers for any observation at once.
        </p>
      </LearnPart>
      <LearnPart id="learn.flow" title="How flow matching works">
        <p>
          Take a pair of θ and y from the simulator, call θ (shifted and scaled) x<sub>1</sub>, and draw noise x
          <sub>0</sub>. A straight line joins them:
        </p>
        {pathFormula}
        <p>
          The network v is trained to say, from a point of the line, its time and the data, which way the line goes. It
          cannot know which pair it is on, so it learns the mean over all pairs that pass there:
        </p>
        {lossFormula}
        <p>
          That mean is a velocity field, and a particle that follows it from noise arrives at a draw from the posterior.
          Because many lines cross, the loss cannot fall to zero: it ends at the variance of x<sub>1</sub> − x
          <sub>0</sub> that no network can foresee. A low loss is therefore no sign of quality; the tests below are.
        </p>
        {flowFormula}
        <h3>Solvers, and what they cost</h3>
        <p>
          The equation is followed in steps of length h. Euler evaluates the network once a step, midpoint twice,
          Runge–Kutta four times:
        </p>
        {midpointFormula}
        <p>
          Nearly all of the time goes into evaluations of the network, so they are what accuracy costs: with few,
          particles cut the corners of their paths. From some number on, more buy nothing: what is left is the error of
          the network. Dormand–Prince 5 chooses each step by an estimate of its error. Stochastic solvers add noise on
          the way and pull the particles back by as much; EDM and score matching take other paths between the same ends.
        </p>
        <p>
          <strong>Lock-step</strong> means that all samples of all observations of a chunk take the same step at the
          same time. Their random numbers are addressed by seed, observation and number, so that neither the chunk nor
          the batch changes a single bit. Samples outside the prior are drawn anew.
        </p>
        <h3>Half precision</h3>
        <p>
          With <em>f16-storage</em> weights and activations lie in memory as halves while sums are made in f32; with{' '}
          <em>f16</em> products are halves, too. Position, time, sums and the first and last layer stay in f32. Hidden
          matrices and activations are halved; what that does to speed and samples is measured, not assumed:{' '}
          <em>Compare precisions</em> in the Live tab. The precision f32 turns all of it off, to look for an error.
        </p>
      </LearnPart>
      <LearnPart id="learn.trust" title="Can the answer be trusted?">
        <p>
          Samples are independent, so there are no chains to compare, and 10,000 samples are worth 10,000. What can be
          wrong is the distribution they come from. These tasks have posteriors that are known exactly, which is how
          that is seen.
        </p>
        <h3>C2ST, can a classifier tell them apart?</h3>
        <p>
          A network is trained to tell samples from exact draws, and is right on a share of those it has not seen. At
          0.5 it guesses: the samples are perfect. At 1 it is always right. A second set of exact draws in their place,
          the self-control, says what chance alone gives.
        </p>
        <h3>SBC and TARP, are the posteriors as wide as they should be?</h3>
        <p>
          For parameters drawn from the prior, the rank of the true value among its posterior samples must be uniform
          (simulation-based calibration). TARP asks the same of regions around random points, in all dimensions
          together. Both need many observations and no exact posterior: choose the preset <em>Calibration</em>.
        </p>
      </LearnPart>
    </>
  );
}
