import { LinePlot } from '../../../ui/charts/LinePlot.tsx';
import { fixed, grouped } from '../../../ui/format.ts';
import { CheckIcon, WarnIcon } from '../../../ui/shared/icons.tsx';
import notes from '../../../ui/shared/note.module.css';
import classes from './Stories.module.css';
import { useTraining } from './training.ts';
import verdicts from './Vectors.module.css';

const HEIGHT = 220;

/** How well stories that are not seen are known, step by step, over counts of words; and stories that it writes. */
export function StoryCurve({ going }: { readonly going: boolean }) {
  const { judgements, baselines, score, samples } = useTraining();
  const last = judgements.at(-1);
  const nats = score?.nats ?? last?.nats;
  const levels = baselines
    ? [
        { title: 'words by how often', nll: baselines.unigram },
        { title: 'by the word before', nll: baselines.bigram },
        ...(baselines.entropy === undefined ? [] : [{ title: 'the grammar itself', nll: baselines.entropy }]),
      ]
    : [];
  const good = nats !== undefined && baselines !== undefined && nats < baselines.bigram;
  return (
    <>
      {nats !== undefined && baselines && (
        <ul className={verdicts.verdicts} data-testid="train-verdict">
          <li data-good={good || undefined} data-bad={!good || undefined}>
            {good ? <CheckIcon /> : <WarnIcon />}
            <span>
              {fixed(nats, 3)} nats a word {score ? `on ${grouped(score.texts)} held-out stories` : 'so far'}; counts of
              pairs of words need {fixed(baselines.bigram, 3)}
              {baselines.entropy !== undefined && `, and nothing can do with fewer than ${fixed(baselines.entropy, 3)}`}
            </span>
          </li>
        </ul>
      )}
      {last && judgements.length > 1 ? (
        <figure className={classes.figure}>
          <figcaption>Nats a word that it takes to tell stories that judge the training, fewer is better</figcaption>
          <LinePlot
            label={`Nats a word over ${grouped(last.step)} steps, now ${fixed(last.nats, 3)}; ${levels.map(({ title, nll }) => `${title} ${fixed(nll, 3)}`).join(', ')}`}
            height={HEIGHT}
            x={judgements.map(({ step }) => step)}
            xLabel="training step"
            yLabel="nats a word"
            series={[
              { label: 'model', color: 0, values: judgements.map((each) => each.nats) },
              ...levels.map(({ title, nll }, i) => ({
                label: title,
                color: i + 1,
                values: judgements.map(() => nll),
                dash: [6, 4],
              })),
            ]}
          />
        </figure>
      ) : (
        <p className={notes.note}>
          {going ? 'The learning curve begins with the second judgement.' : 'It ended before it was judged twice.'}
        </p>
      )}
      {samples.length > 0 && (
        <section aria-label="Stories that it writes" className={classes.samples} data-testid="train-samples">
          {[...samples].reverse().map(({ step, texts }) => (
            <div key={step}>
              <h3>At step {grouped(step)}</h3>
              <ul>
                {texts.map((text, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two stories may be equal
                  <li key={i}>{text}</li>
                ))}
              </ul>
            </div>
          ))}
        </section>
      )}
    </>
  );
}
