import { Suspense } from 'react';
import { experimentViews } from '../../workloads/views.ts';
import { kindViews } from '../results/index.ts';
import { formExperiment } from '../state/shown.ts';
import { useStore } from '../state/store.ts';
import classes from './LearnTab.module.css';
import { PlainLearn } from './PlainLearn.tsx';

/** What is computed, how, and how to judge it. */
export default function LearnTab() {
  const { id, title, blurb, results } = useStore(formExperiment);
  const Own = experimentViews[id]?.Learn;
  const OfKind = kindViews[results.kind]?.Learn;
  return (
    <article className={classes.article}>
      <Suspense>
        {Own ? (
          <Own />
        ) : (
          <>
            <h2>{title}</h2>
            <p>{blurb}</p>
            {OfKind ? <OfKind /> : <PlainLearn />}
          </>
        )}
      </Suspense>
    </article>
  );
}
