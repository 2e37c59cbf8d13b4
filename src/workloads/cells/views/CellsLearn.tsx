import { LearnPart } from '../../../ui/learn/LearnPart.tsx';
import {
  forwardFormula,
  guidanceFormula,
  lossFormula,
  originFormula,
  revealFormula,
  scoreFormula,
} from './formulas.ts';
import { ToyNetwork } from './ToyNetwork.tsx';

/** How masks become cells, why the origin's rule fails, and what each setting does: a part of the Learn tab. */
export default function CellsLearn() {
  return (
    <>
      <LearnPart id="learn.drawn" title="What is being drawn" open>
        <p>
          A cell is a list of counts: how many molecules of each gene were read from it. Counts are put into bins, each
          a token; one token more, the <strong>mask</strong>, says that a gene is not known yet. A network that has seen
          many real cells with some of their genes masked says, for each masked gene, how likely each count is given the
          visible ones. From that alone whole cells can be drawn, a perturbation be predicted, or genes that were not
          measured be filled in.
        </p>
        <p>
          The mask must be a token of its own. Where the largest count doubles as the mask, as in the code that this
          experiment comes from, genes that are really that high cannot be told from unknown ones.
        </p>
      </LearnPart>
      <LearnPart id="learn.masks" title="How masks dissolve">
        <p>Forwards in time, from 0 to 1, each gene of a real cell is masked on its own, and stays so:</p>
        {forwardFormula}
        <p>
          Drawing runs backwards, from t = 1, where all genes are masked, to t = 0. In a step from t to s each masked
          gene is revealed with probability
        </p>
        {revealFormula}
        <p>
          and then its count is drawn from what the predictor says given the visible genes. Visible genes never change.
          This is the exact (Tweedie) step of the log-linear schedule; Euler’s is the same there. A network with a
          softmax over counts gives the score of every count at once, so nothing grows beyond bounds as t falls:
        </p>
        {scoreFormula}
        <p>It is trained by the bound on the likelihood that follows, told in nats a gene:</p>
        {lossFormula}
        <h3>Why 64 steps</h3>
        <p>
          Genes that are revealed in one step do not see each other: they are drawn independently. With N steps two
          given genes share one with probability 1/N, and no schedule of independent reveals does better. So the error
          falls as 1/N. For 200 genes and an exact predictor 64 steps cannot be told from as many steps as genes, and 16
          double the distance. <em>Balanced</em> reveals equally many genes in every step; <em>first hitting</em> one at
          a time, which is exact where the predictor is. <em>Steps against quality</em> in the Live tab measures it on
          your data.
        </p>
      </LearnPart>
      <LearnPart id="learn.origin" title="Why the origin’s rule fails">
        <p>The code that this experiment comes from reveals with the rate at which genes were masked:</p>
        {originFormula}
        <p>
          With 100 steps that is 0.99995 in the first one. All genes are drawn from the same view, in which all are
          masked, so each follows its own marginal law and knows nothing of the others; the other 99 calls of the
          network change next to nothing. To let two genes meet as rarely as 64 right steps do, it would take some
          21,800.
        </p>
        <p>
          Means of genes come out right all the same, with a correlation of 0.999: a measure that looks at means cannot
          see it. The correlation of pairs of genes can: its slope on that of real cells is about 0 in the place of 1.
          Both stand side by side in the Live tab. That rule also takes the most likely count in its last step, which
          takes variance away.
        </p>
      </LearnPart>
      <LearnPart id="learn.settings" title="Temperature, guidance, imputation">
        <p>
          <strong>Temperature</strong> T draws from p<sup>1/T</sup>. Below 1 likely counts are drawn more often than
          they occur: cells look cleaner, variance shrinks, rare states vanish. 1 is the predictor’s own law.
        </p>
        <p>
          <strong>Guidance</strong> γ asks the network twice, under the label and without it:
        </p>
        {guidanceFormula}
        <p>
          γ = 1 draws under the label, 0 ignores it, and above 1 sharpens what the label changes; there the law is no
          longer that of any data.
        </p>
        <p>
          <strong>Imputation</strong> begins with the known genes visible and masks only the others. A known gene is
          never rewritten. Exact match and mean error mean something here alone: between cells that are no pairs they
          say nothing, and the share of zeros passes for skill.
        </p>
      </LearnPart>
      <LearnPart id="learn.half" title="Half precision">
        <p>
          With <em>f16-storage</em> and <em>bf16-storage</em> weights, queries, keys, values and the hidden layer lie in
          memory as halves while sums are made in f32; with <em>f16</em> products are halves, too. What must not be
          rounded stays f32 in any precision: the residual stream, the statistics of layer norms, softmax, the last
          layer and the draw itself. bf16 has the range of f32 and eight bits, so it is eight times coarser than f16.
        </p>
        <p>
          Half precision is said to be twice as fast, in half of the memory, just as accurate. Weights and activations
          do halve; tokens and what stays f32 do not. Cells drawn from the same random numbers differ after many steps,
          since one token that flips moves others. What must not change is their law: <em>What half precision costs</em>{' '}
          in the Live tab measures all three.
        </p>
      </LearnPart>
      <LearnPart id="learn.toy" title="The cells that ship, and their true network">
        <p>
          They are simulated: ten regulators are on or off, by the cell’s type and by the regulators above them, with
          chance; genes read one or two regulators; counts are negative binomial, at a depth of the cell’s own. In some
          cells one regulator is knocked out, and all that lies below follows. So it is known which genes go together,
          and why.
        </p>
        <ToyNetwork />
      </LearnPart>
      <LearnPart id="learn.trust" title="Can the cells be trusted?">
        <p>
          Every figure stands beside three others: its <strong>floor</strong>, real cells against real cells, below
          which nothing can be told; <strong>independent genes</strong>, which any rule reaches without a network; and
          where labels are predicted, the control and the mean of all perturbed cells. Cells that were held out judge,
          not those that the network was trained on. Distances fall as cells grow in number, so they are compared at
          equal ones.
        </p>
      </LearnPart>
    </>
  );
}
