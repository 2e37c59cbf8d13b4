import { useMemo } from 'react';
import { type BufferPlan, type PlannedBuffer, planBytes } from '../../gpu/plan.ts';
import { grouped, plain, shortBytes } from '../format.ts';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { More } from '../shared/More.tsx';
import { useFold } from '../state/folds.ts';
import classes from './MemoryTab.module.css';
import { useMemoryUse } from './useMemoryUse.ts';

interface Row extends Pick<PlannedBuffer, 'name' | 'role'> {
  /** Absent for what is held beside this plan, e.g. by a rescue in other chunks. */
  readonly planned?: PlannedBuffer;
  readonly heldBytes: number;
}

const NAME: Column<Row> = {
  key: 'name',
  title: 'Buffer',
  cell: ({ name, planned }) => (
    <span>
      {name}
      <span className={classes.formula}>{planned?.formula ?? 'not of this plan'}</span>
    </span>
  ),
};
const ROLE: Column<Row> = {
  key: 'role',
  title: 'Role',
  wideOnly: true,
  about: 'What the buffer is for: kernels read and write storage, read uniforms; readback carries results to the CPU.',
  cell: (row) => row.role,
};
const PLANNED: Column<Row> = {
  key: 'planned',
  title: 'Planned',
  numeric: true,
  cell: ({ planned }) => (planned ? <Bytes>{planned.bytes}</Bytes> : '–'),
};
const A_ITEM: Column<Row> = {
  key: 'item',
  title: 'Bytes per item',
  about: 'What one more item in the chunk adds; 0 for buffers of fixed size.',
  numeric: true,
  cell: ({ planned }) => (planned ? grouped(planned.bytesPerItem) : '–'),
};
const share = (about: string, of: (row: Row) => number): Column<Row> => ({
  key: 'share',
  title: 'Share',
  wideOnly: true,
  about,
  cell: (row) => <Share part={of(row)} />,
});

/** Planned and held, buffer by buffer. What is held is read from the ledger that every buffer is booked in, not from the plan. */
export function BufferTable({ plan }: { readonly plan: BufferPlan }) {
  const { held, currentBytes } = useMemoryUse();
  const rows = useMemo(() => rowsOf(plan, held), [plan, held]);
  const total = planBytes(plan);
  const shareOf = ({ planned, heldBytes }: Row) =>
    currentBytes > 0 ? heldBytes / currentBytes : (planned?.bytes ?? 0) / total;
  return (
    <LargeFirst
      caption="GPU buffers, largest first"
      testId="buffers"
      columns={[
        ...[NAME, ROLE, PLANNED],
        {
          key: 'held',
          title: 'Held now',
          about: 'What lies on the device at this moment, from the ledger in which every buffer is booked.',
          numeric: true,
          cell: ({ heldBytes }) => <Bytes>{heldBytes}</Bytes>,
        },
        share('Part of what is held; of the plan while nothing is.', shareOf),
        A_ITEM,
      ]}
      rows={rows}
      shareOf={shareOf}
      foot={
        <tr>
          <td>Total</td>
          <td data-wide />
          <td data-label="Planned" data-numeric>
            <Bytes>{total}</Bytes>
          </td>
          <td data-label="Held now" data-numeric data-testid="held-total">
            <Bytes>{currentBytes}</Bytes>
          </td>
          <td data-wide />
          <td />
        </tr>
      }
    />
  );
}

/** A plan alone, for what is not held yet. */
export function PlannedTable({ plan, caption }: { readonly plan: BufferPlan; readonly caption: string }) {
  const total = planBytes(plan);
  const shareOf = ({ planned }: Row) => (planned?.bytes ?? 0) / total;
  return (
    <LargeFirst
      caption={caption}
      columns={[NAME, ROLE, PLANNED, share('Part of this plan.', shareOf), A_ITEM]}
      rows={rowsOf(plan, [])}
      shareOf={shareOf}
    />
  );
}

interface LargeFirstProps {
  readonly caption: string;
  readonly testId?: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly shareOf: (row: Row) => number;
  readonly foot?: React.ReactNode;
}

/** The buffers that count; those of less than 1 % of the whole on demand, and on paper. */
function LargeFirst({ rows, shareOf, ...table }: LargeFirstProps) {
  const { open, toggle } = useFold('memory.small', false);
  const large = rows.filter((row) => shareOf(row) >= SMALL);
  const small = rows.length - large.length;
  return (
    <>
      <DataTable {...table} whole rows={open ? rows : large} rowKey={(row) => row.name} />
      {small > 0 && (
        <More shown={open} onToggle={toggle}>
          {small} more of less than {100 * SMALL} % each
        </More>
      )}
    </>
  );
}

/** Share of the whole below which a buffer is not shown at once. */
const SMALL = 0.01;

/** "12.0 MiB (12,582,912 bytes)" in two lines, of one width while a run takes and frees its buffers. */
function Bytes({ children }: { readonly children: number }) {
  if (children < 1024) return <span className={classes.bytes}>{grouped(children)} bytes</span>;
  return (
    <span className={classes.bytes}>
      {shortBytes(children)} <span className={classes.exact}>({grouped(children)} bytes)</span>
    </span>
  );
}

function Share({ part }: { readonly part: number }) {
  return (
    <span className={classes.share}>
      <span className={classes.bar}>
        <span style={{ width: `${100 * part}%` }} />
      </span>
      {plain(100 * part, 2)} %
    </span>
  );
}

/** Names may repeat in the ledger: what is held under a name is added up. */
function rowsOf(
  plan: BufferPlan,
  held: readonly { readonly name: string; readonly bytes: number; readonly role: PlannedBuffer['role'] }[],
): Row[] {
  const bytes = new Map<string, number>();
  for (const entry of held) bytes.set(entry.name, (bytes.get(entry.name) ?? 0) + entry.bytes);
  const planned = plan.buffers.map((buffer) => ({
    name: buffer.name,
    role: buffer.role,
    planned: buffer,
    heldBytes: bytes.get(buffer.name) ?? 0,
  }));
  const names = new Set(plan.buffers.map(({ name }) => name));
  const others = held
    .filter(({ name }, i) => !names.has(name) && held.findIndex((entry) => entry.name === name) === i)
    .map(({ name, role }) => ({ name, role, heldBytes: bytes.get(name)! }));
  const size = (row: Row) => (held.length > 0 ? row.heldBytes : (row.planned?.bytes ?? 0));
  return [...planned, ...others].sort((a, b) => size(b) - size(a));
}
