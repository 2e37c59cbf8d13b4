import { NativeSelect } from '@mantine/core';
import { Suspense } from 'react';
import { kindViews } from '../results/index.ts';
import { watch } from '../state/actions.ts';
import { formExperiment, runOfForm } from '../state/shown.ts';
import { isActive, useStore } from '../state/store.ts';
import classes from './LiveTab.module.css';

/** Which item of the chunk in flight the live views show, and what of it. */
export function WatchPicker() {
  const run = useStore(runOfForm);
  const chunk = useStore((store) => store.progress?.chunk);
  const watched = useStore((store) => store.watched);
  const active = useStore(isActive);
  const { itemName, results } = useStore(formExperiment);
  const Choice = kindViews[results.kind]?.WatchChoice;
  const indices = (run && chunk?.watchable) ?? [];
  const chosen = watched.item !== undefined && indices.includes(watched.item) ? String(watched.item) : '';
  return (
    <div className={classes.picker}>
      <div className={classes.choice}>
        <label htmlFor="watch-item">Watch {itemName.one}</label>
        <NativeSelect
          id="watch-item"
          data-wide
          size="xs"
          disabled={!active || indices.length === 0}
          value={chosen}
          data={[
            { value: '', label: 'first of the chunk' },
            ...indices.map((index) => ({ value: String(index), label: run?.items[index]?.runId ?? String(index) })),
          ]}
          onChange={(event) => {
            const text = event.currentTarget.value;
            watch({ item: text === '' ? undefined : Number(text), part: watched.part });
          }}
        />
      </div>
      {Choice && (
        <Suspense>
          <Choice />
        </Suspense>
      )}
    </div>
  );
}
