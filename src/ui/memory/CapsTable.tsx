import { type ChunkCap, SEARCH_LIMIT } from '../../engine/plan/caps.ts';
import type { MemoryCaps } from '../../engine/plan/stage-plan.ts';
import { grouped, shortBytes } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { type ItemName, limitInWords } from './cap-words.ts';
import classes from './MemoryTab.module.css';

/** Every cap: its limit, what this batch takes of it, the largest batch it allows, and which one binds. */
export function CapsTable({ caps, names }: { readonly caps: MemoryCaps; readonly names: ItemName }) {
  if (caps.each.length === 0) return <p className={classes.note}>Without an adapter there are no caps.</p>;
  const columns: readonly Column<ChunkCap>[] = [
    {
      key: 'cap',
      title: 'Cap',
      cell: (cap) => (
        <>
          {cap.label}
          {cap.name === caps.binding && <span className={classes.binds}>binds first</span>}
          {cap.limitName && <code className={classes.limitName}>{cap.limitName}</code>}
        </>
      ),
    },
    {
      key: 'largest',
      title: `Largest batch (${names.many})`,
      about: 'What this cap alone would allow.',
      numeric: true,
      cell: ({ largestChunk }) => `${largestChunk >= SEARCH_LIMIT ? '≥ ' : ''}${grouped(largestChunk)}`,
    },
    { key: 'limit', title: 'Limit', numeric: true, cell: limitInWords },
    {
      key: 'used',
      title: 'This batch takes',
      numeric: true,
      cell: ({ unit, used, buffer }) =>
        `${unit === 'bytes' ? shortBytes(used) : grouped(used)}${buffer ? ` (${buffer})` : ''}`,
    },
  ];
  return (
    <DataTable
      caption="What bounds the batch"
      columns={columns}
      rows={caps.each}
      rowKey={({ name }) => name}
      selectedKey={caps.binding}
      testId="caps"
      whole
    />
  );
}
