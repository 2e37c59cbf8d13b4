import { formExperiment } from '../state/shown.ts';
import { useStore } from '../state/store.ts';
import { LearnPart } from './LearnPart.tsx';

/** How an experiment is run and read of which the page has nothing more to tell than its own words: a part of the Learn tab. */
export function PlainLearn() {
  const { itemName, params, results } = useStore(formExperiment);
  const { one, many } = itemName;
  const explained = results.columns?.filter(({ about }) => about) ?? [];
  return (
    <>
      <LearnPart id="learn.lockstep" title="How it runs in lock-step" open>
        <p>
          Each {one} is a problem of its own. The {many} of a chunk take the same kind of step at the same time, which
          is what a GPU is fast at. They share nothing but the clock, and the random numbers of each are addressed by
          its seed. So the answer does not depend on how many are in a batch.
        </p>
      </LearnPart>
      <LearnPart id="learn.settings" title="What can be set">
        <Terms terms={params.map(({ label, help }) => [label, help])} />
      </LearnPart>
      <LearnPart id="learn.results" title="What comes out">
        <p>
          The Results tab says how many {many} {results.passes ?? 'passed'}, shows all of them in a table, and every
          number of the one that is chosen. Export puts the same into a bundle.
        </p>
        <Terms terms={explained.map(({ title, about }) => [title, about!])} />
      </LearnPart>
    </>
  );
}

function Terms({ terms }: { readonly terms: readonly (readonly [term: string, text: string])[] }) {
  return (
    <ul>
      {terms.map(([term, text]) => (
        <li key={term}>
          <strong>{term}.</strong> {text}
        </li>
      ))}
    </ul>
  );
}
