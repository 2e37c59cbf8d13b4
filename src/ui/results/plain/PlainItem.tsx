import { useMemo } from 'react';
import type { ItemArray } from '../../../results/arrays.ts';
import { type Column, DataTable } from '../../shared/DataTable.tsx';
import { Empty, Panel } from '../../shared/Panel.tsx';
import { useStore } from '../../state/store.ts';
import classes from '../ResultsTab.module.css';
import type { ItemColumn, PlainKind } from './plain-kind.ts';
import { shapeText, valuesText, valueText } from './values.ts';

interface PlainItemProps {
  readonly kind: PlainKind | undefined;
  readonly columns: readonly ItemColumn[];
}

/** All of the chosen item: its row, what it misses, its arrays and the rest of it. */
export function PlainItem({ kind, columns }: PlainItemProps) {
  const selected = useStore((store) => store.selected);
  const item = useStore((store) => store.selectedItem);
  const summary = useStore((store) => store.summaries.find(({ info }) => info.index === store.selected));
  const stored = useMemo(
    () => (item && item.info.index === selected ? kind?.stored(item) : undefined),
    [item, selected, kind],
  );
  if (!summary) {
    return (
      <Panel title="One item">
        <Empty>Choose a row of the table to see all of it.</Empty>
      </Panel>
    );
  }
  const { runId } = summary.info;
  const facts = columns.map((column) => ({ ...column, value: valueText(column.cell(summary)) }));
  return (
    <div className={classes.stack} data-testid="selected-item">
      <Panel title={`Result of ${runId}`}>
        <DataTable caption={`${runId} in numbers`} columns={FACTS} rows={facts} rowKey={({ key }) => key} whole />
        {summary.problems.length > 0 && (
          <ul className={classes.problems}>
            {summary.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        )}
      </Panel>
      {stored && (
        <Panel title={`All of ${runId}`}>
          <DataTable
            caption={`Arrays of ${runId}`}
            testId="item-arrays"
            columns={ARRAYS}
            rows={stored.arrays}
            rowKey={({ group, name }) => `${group}/${name}`}
          />
          {stored.about != null && <pre className={classes.about}>{JSON.stringify(stored.about, undefined, 2)}</pre>}
        </Panel>
      )}
    </div>
  );
}

const FACTS: readonly Column<ItemColumn & { readonly value: string }>[] = [
  { key: 'what', title: 'What', cell: ({ title }) => title },
  { key: 'value', title: 'Value', cell: ({ value }) => value },
];

const ARRAYS: readonly Column<ItemArray>[] = [
  { key: 'array', title: 'Array', cell: ({ group, name }) => `${group}/${name}` },
  { key: 'shape', title: 'Dimensions', cell: shapeText },
  { key: 'unit', title: 'Unit', cell: ({ unit }) => unit ?? '' },
  { key: 'values', title: 'Values', cell: (array) => <span className={classes.values}>{valuesText(array)}</span> },
];
