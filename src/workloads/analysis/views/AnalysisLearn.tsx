import { LearnPart } from '../../../ui/learn/LearnPart.tsx';
import classes from './Learn.module.css';
import { FAMILY_WORDS, WRONG } from './learn-words.ts';

/** What the metrics measure, how far to trust them, and what others get wrong: a part of the Learn tab. */
export default function AnalysisLearn() {
  return (
    <>
      <LearnPart id="learn.analysis" title="What is asked of a model" open>
        <p>
          A language model turns each token of a text into a row of numbers, lets positions look back at each other
          through <strong>heads</strong>, and says how likely each next token is. Analysis asks four things of it. Which
          tokens made it say this? Which of its parts did? How does its loss bend around its weights? And what do its
          layers have in common?
        </p>
        <p>
          No single number answers any of them. So every number here stands beside its <strong>error</strong>, with what
          that is of, and beside a <strong>control</strong>: the same number where nothing should be found, as of
          shuffled tokens, of weights drawn anew, or of even attention. What does not stand out from its control is no
          finding, however coloured its picture is.
        </p>
      </LearnPart>
      <LearnPart id="learn.families" title="What each family measures">
        <dl className={classes.families}>
          {FAMILY_WORDS.map(({ name, words }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
      </LearnPart>
      <LearnPart id="learn.chunk" title="N, chunk, and why the answer does not depend on the chunk">
        <p>
          Every metric has two sizes that are easily mistaken for each other. <strong>N</strong> is how many texts it is
          an average over: a statistical size, as are steps of a path, probes, draws and points of a grid. With fewer of
          them the estimate is another one, with a larger error. The <strong>chunk</strong> is how many rows are in
          flight at once. It decides time and memory, and nothing else.
        </p>
        <p>
          That is a promise, and it has to be kept: sums of numbers with rounding depend on their order. Here every sum
          over texts is made in the order of the texts, by one running total or in blocks that do not follow the chunk,
          and nothing is added by whoever comes first. Extremes, medians, eigenvalues and ratios are never averaged over
          chunks; what they are made from is summed, and they are made once. So chunks of 1, 2, 5 or all give equal
          numbers to the last bit, and so does a run that was out of memory half way.
        </p>
        <p>
          When memory is short, the chunk of that metric alone is halved and it goes on. N and the other statistical
          sizes are never touched: a smaller card gives the same numbers, more slowly. Other tools lower the batch that
          an estimate is made from, and report another estimate under the same name.
        </p>
        <p>
          Padding cannot matter either: a causal model does not look ahead, rows have lengths of their own, and no mean
          counts what is no text.
        </p>
      </LearnPart>
      <LearnPart id="learn.errors" title="Where the errors come from">
        <p>
          An attribution of one text has no sampling error: nothing is drawn. Its error is what is missing from its sum,{' '}
          <strong>δ</strong>: attributions must add up to f(e) − f(b), and where they do not to within 1 %, take more
          steps, or another baseline.
        </p>
        <p>
          Means over texts have the <strong>bootstrap</strong>: texts are drawn with replacement, many times, and the
          number is made anew from each draw; its spread is the error. Ratios and norms have the{' '}
          <strong>jackknife</strong>, which leaves out one text at a time. Texts, not tokens, are drawn or left out:
          tokens of a text depend on each other.
        </p>
        <p>
          Traces come from random signs, and their error is the spread between vectors of signs. Eigenvalues from
          Lanczos have a <strong>residual bound</strong>: there is an eigenvalue within that distance, for certain.
        </p>
      </LearnPart>
      <LearnPart id="learn.wrong" title="What others get wrong">
        <p>
          The code that this experiment comes from, and more than one library, compute other things under these names.
          With <em>Theirs beside ours</em> on, their number is computed, too, and stands beside ours with the reason.
        </p>
        <ol className={classes.wrong}>
          {WRONG.map(({ name, words }) => (
            <li key={name}>
              <strong>{name}.</strong> {words}
            </li>
          ))}
        </ol>
      </LearnPart>
    </>
  );
}
