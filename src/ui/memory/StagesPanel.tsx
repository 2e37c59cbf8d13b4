import { useMemo } from 'react';
import type { InnerMemory, OtherValue, StageMemory } from '../../engine/plan/stage-memory.ts';
import { grouped, shortBytes } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { Panel } from '../shared/Panel.tsx';
import { formExperiment } from '../state/shown.ts';
import { useStore } from '../state/store.ts';
import classes from './MemoryTab.module.css';
import { useMemoryTable } from './useMemoryTable.ts';

/** The table of batches: what each stage of the run takes, and what it would take with another size. Nothing where a run is one stage. */
export function StagesPanel() {
  const many = useStore((store) => formExperiment(store).itemName.many);
  const table = useMemoryTable();
  const columns = useMemo(() => columnsFor(many), [many]);
  const stages = table?.stages ?? [];
  if (stages.length < 2) return null;
  return (
    <Panel
      title={`${grouped(stages.length)} stages`}
      about="A run takes them one after the other, and gives back the memory of one before it takes that of the next: it needs as much as the largest. Where one is out of memory all the same, what it works on at once is halved for it alone, and its result stays equal to the bit. One that fails leaves the others as they are."
    >
      <DataTable
        caption="Memory of each stage"
        testId="stages"
        whole
        columns={columns}
        rows={stages}
        rowKey={({ name }) => name}
      />
    </Panel>
  );
}

function columnsFor(many: string): readonly Column<StageMemory>[] {
  return [
    {
      key: 'name',
      title: 'Stage',
      cell: ({ name, tooLarge }) => (
        <span>
          {name}
          {tooLarge !== undefined && <span className={classes.formula}>Left out: {tooLarge}</span>}
        </span>
      ),
    },
    {
      key: 'at-once',
      title: 'At once',
      about: `What of one item is worked on at once, by its entry of the batch table; the number of ${many} for a stage that has no such entry.`,
      cell: ({ inner, chunk, items }) =>
        inner ? <Inner {...inner} /> : `${grouped(chunk)} of ${grouped(items)} ${many}`,
    },
    {
      key: 'bytes',
      title: 'GPU memory',
      about: 'All buffers of the stage together, exact.',
      numeric: true,
      cell: ({ totalBytes }) => <Bytes>{totalBytes}</Bytes>,
    },
    {
      key: 'otherwise',
      title: 'With another size',
      about: 'Its results would be equal to the bit. The size is edited in the Batch tab.',
      cell: ({ inner }) => (inner ? otherwise(inner) : '–'),
    },
  ];
}

function Inner({ entry, value, rows, wanted }: InnerMemory) {
  return (
    <span>
      {grouped(value)}
      {rows !== undefined && ` of ${grouped(rows)}`}
      <span className={classes.formula}>
        {entry}
        {wanted && `; ${grouped(wanted.value)} would take ${shortBytes(wanted.totalBytes)} and do not fit`}
      </span>
    </span>
  );
}

function otherwise({ otherwise: others }: InnerMemory): string {
  const words = ({ value, totalBytes }: OtherValue) => `${grouped(value)} would take ${shortBytes(totalBytes)}`;
  return others.map(words).join('; ') || '–';
}

function Bytes({ children }: { readonly children: number }) {
  return (
    <span className={classes.bytes}>
      {shortBytes(children)} <span className={classes.exact}>({grouped(children)} bytes)</span>
    </span>
  );
}
