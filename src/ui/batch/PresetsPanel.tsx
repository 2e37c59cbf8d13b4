import { useMemo } from 'react';
import { MEMORY_CLASS_LABELS, MEMORY_CLASSES } from '../../batch/memory-class.ts';
import { presetSize } from '../../batch/sizes.ts';
import { wordsOf } from '../../batch/words.ts';
import { sizesOf } from '../../workloads/sizes-of.ts';
import { grouped } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { FoldingPanel } from '../shared/Panel.tsx';
import { useStore } from '../state/store.ts';
import classes from './Sizes.module.css';

type Row = (typeof MEMORY_CLASSES)[number];

const columnsOf = (experiment: string): readonly Column<Row>[] => [
  { key: 'class', title: 'Memory class', cell: (name) => MEMORY_CLASS_LABELS[name] },
  ...sizesOf(experiment)
    .filter(({ presets }) => presets)
    .map((entry) => ({
      key: entry.key,
      title: wordsOf(entry).label,
      numeric: true,
      cell: (name: Row) => grouped(presetSize(entry, name)),
    })),
];

/** The values of every memory class, where they differ. */
export function PresetsPanel() {
  const current = useStore((store) => store.plan?.memoryClass);
  const experiment = useStore((store) => store.config.workload);
  const columns = useMemo(() => columnsOf(experiment), [experiment]);
  return (
    <FoldingPanel
      id="batch.classes"
      title="Values by memory class"
      about="Half the memory, half the chunk. The classes choose where “auto” stops; the tuner measures what this adapter really does best."
    >
      <DataTable
        caption="Sizes that differ between memory classes"
        columns={columns}
        rows={MEMORY_CLASSES}
        rowKey={(name) => name}
        selectedKey={current}
      />
      <p className={classes.note}>
        {current && `In use: ${MEMORY_CLASS_LABELS[current]}. `}All other sizes are the same in every class.
      </p>
    </FoldingPanel>
  );
}
