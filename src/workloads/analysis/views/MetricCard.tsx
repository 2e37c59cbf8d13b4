import { Suspense } from 'react';
import notes from '../../../ui/shared/note.module.css';
import { Empty, FoldingPanel } from '../../../ui/shared/Panel.tsx';
import classes from './Analysis.module.css';
import { BesideList } from './BesideList.tsx';
import { useChosenPlace } from './chosen.ts';
import type { FinishedMetric } from './finished.ts';
import { HeadlineTable } from './HeadlineTable.tsx';
import { BY_TEXT, METRIC_PICTURES } from './metric-pictures.ts';
import { TextSelect } from './TextSelect.tsx';
import { useArrays } from './useFinished.ts';
import { headlineWords } from './words.ts';

/** Open until somebody folds them: what is read off of a text, and the shape of the loss. */
const OPEN: ReadonlySet<string> = new Set(['attention', 'integrated-gradients', 'layer-attribution', 'hessian']);

/** What a link to a metric's card ends with, and under which it is remembered whether it is open. */
export const cardId = (metric: string) => `results.analysis-${metric}`;

/** All of a finished metric: definition, numbers, pictures, the origin's beside ours. */
export function MetricCard({ metric }: { readonly metric: FinishedMetric }) {
  const { id, title, told, objection, texts } = metric;
  const [first] = told.headlines;
  const text = useChosenPlace((chosen) => Math.min(chosen.text, Math.max(0, texts.length - 1)));
  return (
    <FoldingPanel
      id={cardId(id)}
      title={title}
      open={OPEN.has(id)}
      brief={
        <span className={classes.brief}>
          {objection !== undefined
            ? 'not for this model or these texts'
            : first && `${first.name}: ${headlineWords(first)}`}
        </span>
      }
      aside={BY_TEXT.has(id) && objection === undefined && <TextSelect texts={texts} value={text} />}
    >
      <div className={classes.card} data-testid={`metric-${id}`}>
        <p className={classes.definition}>{told.definition}</p>
        {objection !== undefined ? <p className={notes.problem}>{objection}</p> : <Body metric={metric} text={text} />}
      </div>
    </FoldingPanel>
  );
}

function Body({ metric, text }: { readonly metric: FinishedMetric; readonly text: number }) {
  const { id, title, told, summary, attributes, texts } = metric;
  const wanted = useChosenPlace((chosen) => chosen.text);
  const { arrays, problem } = useArrays(summary);
  const Pictures = METRIC_PICTURES[id];
  return (
    <>
      <HeadlineTable title={title} headlines={told.headlines} />
      {told.notes.length > 0 && (
        <ul className={classes.notes}>
          {told.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {BY_TEXT.has(id) && wanted > text && (
        <p className={notes.note}>
          This metric has the first {texts.length} texts; shown is {texts[text]?.name}.
        </p>
      )}
      {Pictures && arrays && (
        <Suspense fallback={<Empty>Loading</Empty>}>
          <div className={classes.pictures}>
            <Pictures {...{ arrays, attributes, told, texts, text }} />
          </div>
        </Suspense>
      )}
      {Pictures &&
        !arrays &&
        (problem ? <p className={notes.problem}>Its arrays are not there: {problem}</p> : <Empty>Loading</Empty>)}
      <BesideList beside={told.beside} />
    </>
  );
}
