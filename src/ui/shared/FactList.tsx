import type { DataFact } from '../../workloads/workload.ts';
import classes from './FactList.module.css';

/** Sentences about the user's data or a run, those first that speak against it. */
export function FactList({ facts }: { readonly facts: readonly DataFact[] }) {
  const inOrder = [...facts.filter(({ doubt }) => doubt), ...facts.filter(({ doubt }) => !doubt)];
  return (
    <ul className={classes.list}>
      {inOrder.map(({ text, doubt }) => (
        <li key={text} data-doubt={doubt || undefined}>
          {doubt && <strong>Check: </strong>}
          {text}
        </li>
      ))}
    </ul>
  );
}
