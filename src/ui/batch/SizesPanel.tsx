import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { BatchEntry } from '../../batch/entry.ts';
import { KIND_MEANINGS } from '../../batch/kinds.ts';
import type { SizeKey } from '../../batch/sizes.ts';
import { planBytes } from '../../gpu/plan.ts';
import { sizesOf } from '../../workloads/sizes-of.ts';
import { exactBytes } from '../format.ts';
import { useMemoryTable } from '../memory/useMemoryTable.ts';
import { groupBy } from '../shared/groupBy.ts';
import { Empty, FoldingPanel } from '../shared/Panel.tsx';
import { rememberedSizes } from '../state/remembered-sizes.ts';
import { formExperiment } from '../state/shown.ts';
import { isActive, isTuning, useStore } from '../state/store.ts';
import { resetSizes } from './actions.ts';
import { MemoryClassField } from './MemoryClassField.tsx';
import { SizeRow } from './SizeRow.tsx';
import classes from './Sizes.module.css';

type Entry = BatchEntry & { readonly key: SizeKey };

/** Entries with those that are measured inside of them right below. */
const nested = (among: readonly Entry[], inside?: string): Entry[] =>
  among.filter((entry) => entry.inside === inside).flatMap((entry) => [entry, ...nested(among, entry.key)]);

/** Every entry of the batch table that the experiment has to do with: its value, what it changes, and the exact memory it takes here. */
export function SizesPanel() {
  const locked = useStore((store) => isActive(store) || isTuning(store));
  const batch = useStore((store) => store.config.batch);
  const { id, title } = useStore(formExperiment);
  const count = useMemo(() => sizesOf(id).length, [id]);
  const different = Object.keys(batch.sizes).length + (batch.size === 'auto' ? 0 : 1);
  const untouched = different === 0 && batch.memoryClass === 'auto' && rememberedCount() === 0;
  return (
    <FoldingPanel
      id="batch.sizes"
      title="Expert sizes"
      about={`Every chunk, batch, tile and buffer-piece size that ${title} has to do with; those of other experiments are listed with them. Nothing else fixes one. Values go into the link and into run.json.`}
      brief={
        <span role="status" className={classes.brief}>
          {different === 0
            ? `All ${count} sizes are the memory class’s.`
            : `${different} of ${count} sizes differ from the memory class’s.`}
        </span>
      }
      aside={
        <Button size="xs" variant="default" disabled={locked || untouched} onClick={resetSizes}>
          Reset all
        </Button>
      }
    >
      <Sizes locked={locked} />
    </FoldingPanel>
  );
}

function Sizes({ locked }: { readonly locked: boolean }) {
  const table = useMemoryTable();
  const { id, chunkEntry } = useStore(formExperiment);
  const groups = useMemo(() => [...groupBy(nested(sizesOf(id)), (entry) => entry.group)], [id]);
  return (
    <>
      <div className={classes.intro}>
        <MemoryClassField locked={locked} />
        <div className={classes.state}>
          <Remembered />
        </div>
      </div>
      <Figures />
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
    </>
  );
}

/** What this browser keeps of the table. */
function Remembered() {
  // Each change of the configuration may have been remembered.
  useStore((store) => store.config.batch);
  const count = rememberedCount();
  return (
    <p className={classes.note}>
      {count === 0
        ? 'What you change here is remembered on this computer; a link’s values go first.'
        : `${count === 1 ? 'One choice is' : `${count} choices are`} remembered on this computer; Reset all forgets ${count === 1 ? 'it' : 'them'}.`}
    </p>
  );
}

function rememberedCount(): number {
  const { memoryClass, sizes } = rememberedSizes();
  return Object.keys(sizes).length + (memoryClass ? 1 : 0);
}

/** What the figures beside the sizes mean. */
function Figures() {
  const plan = useStore((store) => store.plan?.plan);
  if (!plan) return null;
  return (
    <p className={classes.figures} data-testid="figures">
      With these sizes all GPU buffers take <strong>{exactBytes(planBytes(plan))}</strong>. The figure beside a GPU size
      is how much of that goes when this size alone falls to its minimum. Figures overlap, so they do not add up. The
      figure of a CPU size is the size itself.
    </p>
  );
}
