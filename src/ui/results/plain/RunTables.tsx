import type { RunTable } from '../../../results/kind.ts';
import { type Column, DataTable } from '../../shared/DataTable.tsx';
import { Panel } from '../../shared/Panel.tsx';
import { useStore } from '../../state/store.ts';
import { valueText } from './values.ts';

type Row = RunTable['rows'][number];

/** What all items came to together, a panel a table; nothing before the run is over. */
export function RunTables() {
  const together = useStore((store) => store.together);
  return together?.tables.map((table) => (
    <Panel key={table.name} title={table.title} about={table.about}>
      <DataTable
        caption={`${table.title}: rows and columns`}
        testId={`run-table-${table.name}`}
        columns={table.columns.map(
          ({ name, title = name, unit, digits }, at): Column<Row> => ({
            key: name,
            title: unit ? `${title} [${unit}]` : title,
            numeric: table.rows.every((row) => typeof row[at] === 'number'),
            cell: (row) => valueText(row[at], digits),
          }),
        )}
        rows={table.rows}
        rowKey={(row) => table.rows.indexOf(row)}
      />
    </Panel>
  ));
}
