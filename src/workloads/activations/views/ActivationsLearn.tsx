import { LearnPart } from '../../../ui/learn/LearnPart.tsx';
import { BlockDiagram } from './BlockDiagram.tsx';
import {
  attentionFormula,
  blockAttentionFormula,
  blockMlpFormula,
  dynamicsFormula,
  meanFormula,
  paddedMeanFormula,
  steerFormula,
} from './formulas.ts';

/** What goes on inside a model that writes, and what can be read off and pushed there: a part of the Learn tab. */
export default function ActivationsLearn() {
  return (
    <>
      <LearnPart id="learn.block" title="A token’s way through a block" open>
        <p>
          A text is cut into <strong>tokens</strong>, words or pieces of words. Each becomes a row of numbers, the{' '}
          <strong>stream</strong>, which runs through all blocks of the model. A block reads it and adds to it, twice:
        </p>
        {blockAttentionFormula}
        {blockMlpFormula}
        <BlockDiagram />
        <p>
          What is read off are <strong>activations</strong>: the residual stream before the first block and behind every
          one, and what attention and MLP add to it. <em>residual 0</em> is the word alone; deeper ones know more of
          what came before. Behind the last block the stream says how likely each next token is; one is drawn, and
          becomes the next input.
        </p>
      </LearnPart>
      <LearnPart id="learn.cache" title="Attention, and why nothing is read twice">
        <p>
          A token looks back at all tokens before it, and takes from each as much as its query q suits that one’s key k:
        </p>
        {attentionFormula}
        <p>
          Keys and values of a token never change once it has been read, so they are kept: the <strong>KV cache</strong>
          . Reading a prompt (<em>prefill</em>) fills it for many tokens at once; writing (<em>decode</em>) adds one row
          a token. It takes 2 · blocks · heads of keys · numbers of a head · 4 bytes a token, a few KiB of the model
          that ships: what fills memory are weights, not texts.
        </p>
      </LearnPart>
      <LearnPart id="learn.batches" title="Why a batch must not matter">
        <p>
          Writing a token reads every weight once. Sixteen texts side by side read them once, too, so sixteen cost
          little more than one, until arithmetic is what takes the time. That is all that a batch is for: it must not
          change a single bit of any text.
        </p>
        <p>
          Usually it does. Libraries choose other kernels for other shapes, which sum in another order, and rounding
          differs; or they pad. Here every sum is made by one thread, in ascending order, whatever else is in the batch.
          So a text alone, among 64, in another order, with its prompt read in pieces, or read again afterwards has
          equal tokens and equal activations to the last bit. <em>Batch table</em> in the Live tab measures that on your
          device.
        </p>
      </LearnPart>
      <LearnPart id="learn.padding" title="What padding does">
        <p>
          Where texts of several lengths must form a rectangle, short ones are filled up with pads. Attention can be
          told not to look at them, but a mean over all positions, as the code that this experiment comes from takes it,
          counts them as if they were text:
        </p>
        {paddedMeanFormula}
        <p>
          In a batch of texts of 21 to 74 tokens the means of the short ones move by 49 to 98 per cent of their length.
          A vector fitted to such means tells short texts from long ones. Here texts lie in memory ragged, one behind
          the other, each with positions of its own from 0: there is nothing to leave out. <em>What padding does</em> in
          the Live tab shows it on your texts.
        </p>
      </LearnPart>
      <LearnPart id="learn.vectors" title="Trait vectors, and what they are worth">
        <p>
          Take texts that show a trait and texts that show its opposite; of each, the mean activation over some tokens.
          The simplest <strong>vector</strong> is the way from one side’s mean to the other’s:
        </p>
        {meanFormula}
        <p>
          A <strong>probe</strong> is fitted to part the sides instead. How well a vector tells texts apart is its{' '}
          <strong>AUC</strong>: the chance that of a positive and a negative text the positive one lies further along
          it. 0.5 is chance.
        </p>
        <h3>Why 99.6 % in training says nothing</h3>
        <p>
          A text of the model that ships has 64 numbers a layer; of larger models, thousands. With fewer texts than
          numbers a direction can <em>always</em> be found that parts them, whatever they are called: with 144 texts of
          224 numbers and <strong>shuffled labels</strong> a probe is right in 100 % of its training texts, and has an
          AUC of 0.55 on others. So every score here is of questions that were held out: all texts of a question at
          once, since texts of one question share words. Layer and method are chosen inside the training part. Training
          scores stand beside in grey.
        </p>
        <p>
          And beside every map stand <strong>controls</strong>: labels shuffled, a random direction, the words alone
          (residual 0), and the length of the text as the only feature. A vector that does not pass them has found
          something else.
        </p>
      </LearnPart>
      <LearnPart id="learn.steering" title="Steering">
        <p>While the model writes, the vector is added to the stream behind a block, at every token:</p>
        {steerFormula}
        <p>
          c is the slider. At half of the mean length of the stream the tone of a story turns; at 1 the model loses its
          language. Two figures guard against seeing what one wants to see: −log p of the story under the model as it
          is, which rises when the story falls apart, and the same push along eight <strong>random directions</strong>,
          which says what any push does. Stories are drawn, not taken greedily: greedy stories fall onto each other, and
          one random direction may look like a trait by luck.
        </p>
      </LearnPart>
      <LearnPart id="learn.trace" title="Watching a text">
        <p>
          s is how far a token lies along the vector. Its change from token to token is its velocity, and the change of
          that, taken the same way, its acceleration:
        </p>
        {dynamicsFormula}
        <p>
          A text <strong>commits</strong> at the first token where the acceleration is near nothing, and{' '}
          <strong>persists</strong> for as many tokens behind its peak as stay above half of it. The code that this
          comes from counts below 0.1 as nothing, whatever the model’s unit is; a tenth of the text’s own spread is
          offered beside.
        </p>
      </LearnPart>
    </>
  );
}
