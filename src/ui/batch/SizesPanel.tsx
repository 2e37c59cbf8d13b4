import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { KIND_MEANINGS } from '../../batch/kinds.ts';
import type { SizeKey } from '../../batch/sizes.ts';
import { type BatchEntry, batchTable } from '../../batch/table.ts';
import { useMemoryTable } from '../memory/useMemoryTable.ts';
import { groupBy } from '../shared/groupBy.ts';
import { Empty, Panel } from '../shared/Panel.tsx';
import { experiments } from '../state/config.ts';
import { rememberedSizes } from '../state/remembered-sizes.ts';
import { isActive, isTuning, useStore } from '../state/store.ts';
import { forgetSizes, resetSizes } from './actions.ts';
import { MemoryClassField } from './MemoryClassField.tsx';
import { SizeRow } from './SizeRow.tsx';
import classes from './Sizes.module.css';

type Entry = BatchEntry & { readonly key: SizeKey };
const entries: readonly Entry[] = batchTable;

/** Entries with those that are measured inside of them right below. */
const nested = (among: readonly Entry[], inside?: string): Entry[] =>
  among.filter((entry) => entry.inside === inside).flatMap((entry) => [entry, ...nested(among, entry.key)]);

/** Every entry of the batch table: its value, what it changes, and the exact memory it takes here. */
export function SizesPanel() {
  const table = useMemoryTable();
  const locked = useStore((store) => isActive(store) || isTuning(store));
  const batch = useStore((store) => store.config.batch);
  const chunkEntry = useStore((store) => experiments.find(({ id }) => id === store.config.workload)!.chunkEntry);
  const groups = useMemo(() => [...groupBy(nested(entries), (entry) => entry.group)], []);
  const different = Object.keys(batch.sizes).length + (batch.size === 'auto' ? 0 : 1);
  return (
    <Panel
      title="Batch sizes"
      about="Every chunk, batch, tile and buffer-piece size of the program. Nothing else fixes one. Values go into the link and into run.json."
      aside={
        <Button size="xs" variant="default" disabled={locked || different === 0} onClick={resetSizes}>
          Reset all
        </Button>
      }
    >
      <div className={classes.intro}>
        <MemoryClassField locked={locked} />
        <div className={classes.state}>
          <p role="status">
            {different === 0
              ? 'Every size is the memory class’s.'
              : `${different} of ${entries.length} sizes differ from the memory class’s.`}
          </p>
          <Remembered />
        </div>
      </div>
      {table ? (
        groups.map(([name, members]) => (
          <section key={name} aria-label={name} className={classes.group}>
            <h3 className={classes.groupName}>{name}</h3>
            <ul className={classes.rows}>
              {members.map((entry) => (
                <SizeRow
                  key={entry.key}
                  entry={entry}
                  use={table.sizes.find(({ key }) => key === entry.key)!}
                  isChunk={entry.key === chunkEntry}
                  locked={locked}
                />
              ))}
            </ul>
          </section>
        ))
      ) : (
        <Empty>As soon as the adapter is open, every size is listed here with the memory it takes.</Empty>
      )}
      <h3 className={classes.groupName}>What a size of each kind may change</h3>
      <dl className={classes.kinds}>
        {Object.entries(KIND_MEANINGS).map(([kind, meaning]) => (
          <div key={kind}>
            <dt className={classes.kind}>{kind}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** What this browser keeps of the table, and a way to forget it. */
function Remembered() {
  // Each change of the configuration may have been remembered.
  useStore((store) => store.config.batch);
  const [, setForgotten] = useState(0);
  const { memoryClass, sizes } = rememberedSizes();
  const count = Object.keys(sizes).length + (memoryClass ? 1 : 0);
  if (count === 0)
    return (
      <p className={classes.note}>What you change here is remembered on this computer; a link’s values go first.</p>
    );
  return (
    <p className={classes.note}>
      {count === 1 ? 'One choice is' : `${count} choices are`} remembered on this computer.{' '}
      <button
        type="button"
        className={classes.link}
        title="The values on screen stay for this visit"
        onClick={() => {
          forgetSizes();
          setForgotten((n) => n + 1);
        }}
      >
        Forget {count === 1 ? 'it' : 'them'}
      </button>
    </p>
  );
}
