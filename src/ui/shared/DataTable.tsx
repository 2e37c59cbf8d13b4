import type { ReactNode } from 'react';
import classes from './DataTable.module.css';
import { Explain } from './Explain.tsx';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** Explanation of the header. */
  readonly about?: string;
  readonly numeric?: boolean;
  /** Left out of a whole table where the page is narrow. */
  readonly wideOnly?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

interface DataTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string | number;
  readonly selectedKey?: string | number;
  readonly onSelect?: (row: Row) => void;
  readonly testId?: string;
  readonly foot?: ReactNode;
  /** For tables of few rows: all of them are shown, and on a narrow screen each is a block of lines. */
  readonly whole?: boolean;
}

/** A table whose headers explain themselves; it scrolls in its own box, which the keyboard reaches. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, columns, rows, rowKey, selectedKey, onSelect, testId, foot, whole } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable to scroll it by keyboard
    <section className={classes.scroll} data-whole={whole || undefined} tabIndex={0} aria-label={caption}>
      <table className={classes.table} data-testid={testId}>
        <caption className={classes.caption}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                data-wide={column.wideOnly || undefined}
                data-numeric={column.numeric || undefined}
              >
                {column.about ? (
                  <Explain what={column.title} label={column.title}>
                    {column.about}
                  </Explain>
                ) : (
                  column.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = rowKey(row);
            return (
              <tr
                key={key}
                data-selected={key === selectedKey || undefined}
                data-clickable={onSelect !== undefined || undefined}
                onClick={onSelect && (() => onSelect(row))}
              >
                {columns.map((column) => (
                  <td
                    key={column.key}
                    data-label={column.title}
                    data-wide={column.wideOnly || undefined}
                    data-numeric={column.numeric || undefined}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
        {foot && <tfoot>{foot}</tfoot>}
      </table>
    </section>
  );
}
