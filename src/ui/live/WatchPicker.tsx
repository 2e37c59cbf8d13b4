import { NativeSelect } from '@mantine/core';
import { fixed, plain } from '../format.ts';
import { watch } from '../state/actions.ts';
import { experiments } from '../state/config.ts';
import { isActive, useStore } from '../state/store.ts';
import classes from './LiveTab.module.css';

/** Which item of the chunk in flight, and which of its chains, the live views show. */
export function WatchPicker() {
  const run = useStore((store) => store.run);
  const chunk = useStore((store) => store.progress?.chunk);
  const watched = useStore((store) => store.watched);
  const peek = useStore((store) => store.peek);
  const active = useStore(isActive);
  const one = useStore((store) => experiments.find(({ id }) => id === store.config.workload)!.itemName.one);
  const indices = (run && chunk?.watchable) ?? [];
  const chosen = watched.item !== undefined && indices.includes(watched.item) ? String(watched.item) : '';
  const chains = peek?.positions.length ?? 0;
  return (
    <div className={classes.picker}>
      <div className={classes.choice}>
        <label htmlFor="watch-item">Watch {one}</label>
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
            watch({ item: text === '' ? undefined : Number(text), chain: watched.chain });
          }}
        />
      </div>
      <div className={classes.choice}>
        <label htmlFor="watch-chain">chain</label>
        <NativeSelect
          id="watch-chain"
          data-narrow
          size="xs"
          disabled={!active || chains === 0}
          value={String(watched.chain)}
          data={Array.from({ length: Math.max(1, chains) }, (_, i) => ({ value: String(i), label: String(i + 1) }))}
          onChange={(event) => watch({ item: watched.item, chain: Number(event.currentTarget.value) })}
        />
      </div>
      <span className={classes.facts}>
        {peek
          ? `transition ${peek.step}${peek.warmup ? ' (warm-up)' : ''} · acceptance ${fixed(peek.acceptance, 2)} · step size ${plain(peek.stepSize, 3)}`
          : 'Nothing is running yet.'}
      </span>
    </div>
  );
}
