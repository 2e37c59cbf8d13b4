import type { BatchEntry } from '../../batch/entry.ts';
import { MEMORY_CLASS_LABELS, MEMORY_CLASSES } from '../../batch/memory-class.ts';
import { presetSize } from '../../batch/sizes.ts';
import { batchTable } from '../../batch/table.ts';
import { grouped } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { Panel } from '../shared/Panel.tsx';
import { useStore } from '../state/store.ts';
import classes from './Sizes.module.css';

const entries: readonly BatchEntry[] = batchTable;
const columns: readonly Column<(typeof MEMORY_CLASSES)[number]>[] = [
  { key: 'class', title: 'Memory class', cell: (name) => MEMORY_CLASS_LABELS[name] },
  ...entries
    .filter(({ presets }) => presets)
    .map((entry) => ({
      key: entry.key,
      title: entry.label,
      numeric: true,
      cell: (name: (typeof MEMORY_CLASSES)[number]) => grouped(presetSize(entry, name)),
    })),
];

/** The values of every memory class, where they differ. */
export function PresetsPanel() {
  const current = useStore((store) => store.plan?.memoryClass);
  return (
    <Panel
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
    </Panel>
  );
}
