import type { ItemArray } from '../../../results/arrays.ts';
import type { ItemResult, ResultColumn } from '../../../results/kind.ts';
import { type Column, DataTable } from '../../shared/DataTable.tsx';
import { Empty, Panel } from '../../shared/Panel.tsx';
import { useStore } from '../../state/store.ts';
import classes from '../ResultsTab.module.css';
import { shapeText, valuesText, valueText } from './values.ts';

/** What a plain item may hold beside its info. */
interface PlainParts {
  readonly arrays?: readonly ItemArray[];
  readonly attributes?: Readonly<Record<string, string | number>>;
}

interface PlainItemProps {
  readonly columns: readonly ResultColumn[];
  /** Attributes that are for other views. */
  readonly unlisted?: readonly string[];
}

/** All of the chosen item: its row, what it misses, its texts and numbers, its arrays. */
export function PlainItem({ columns, unlisted = [] }: PlainItemProps) {
  const item = useStore((store) => store.selectedItem);
  const summary = useStore((store) => store.summaries.find(({ info }) => info.index === store.selected));
  if (!summary) {
    return (
      <Panel title="One item">
        <Empty>Choose a row of the table to see all of it.</Empty>
      </Panel>
    );
  }
  const { index, runId } = summary.info;
  const { arrays = [], attributes = {} }: PlainParts =
    item?.info.index === index ? (item as ItemResult & PlainParts) : {};
  const told = columns.map(({ key, title, text }) => ({ key, title, value: text(summary) }));
  const others = Object.entries(attributes)
    .filter(([key]) => !unlisted.includes(key) && !columns.some((column) => column.key === key))
    .map(([key, value]) => ({ key, title: key, value: valueText(value) }));
  return (
    <div className={classes.stack} data-testid="selected-item">
      <Panel title={`Result of ${runId}`}>
        <DataTable
          caption={`${runId} in words and numbers`}
          columns={FACTS}
          rows={[...told, ...others]}
          rowKey={({ key }) => key}
          whole
        />
        {summary.problems.length > 0 && (
          <ul className={classes.problems}>
            {summary.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        )}
      </Panel>
      {arrays.length > 0 && (
        <Panel title={`Arrays of ${runId}`}>
          <DataTable
            caption={`Every array of ${runId} with its values`}
            testId="item-arrays"
            columns={arrays.some(({ unit }) => unit) ? ARRAYS : ARRAYS.filter(({ key }) => key !== 'unit')}
            rows={arrays}
            rowKey={({ group, name }) => `${group}/${name}`}
            whole
          />
        </Panel>
      )}
    </div>
  );
}

const FACTS: readonly Column<{ readonly title: string; readonly value: string }>[] = [
  { key: 'what', title: 'What', cell: ({ title }) => title },
  { key: 'value', title: 'Value', cell: ({ value }) => value },
];

const ARRAYS: readonly Column<ItemArray>[] = [
  { key: 'array', title: 'Array', cell: ({ group, name }) => `${group}/${name}` },
  { key: 'shape', title: 'Dimensions', cell: shapeText },
  { key: 'unit', title: 'Unit', cell: ({ unit }) => unit ?? '' },
  { key: 'values', title: 'Values', cell: (array) => <span className={classes.values}>{valuesText(array)}</span> },
];
