import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import type { Headline } from '../metrics/metric.ts';
import classes from './Analysis.module.css';
import { controlWords, headlineWords } from './words.ts';

/** Numbers of a metric: each with its error, what that is of, and what it is held against. */
export function HeadlineTable({
  title,
  headlines,
}: {
  readonly title: string;
  readonly headlines: readonly Headline[];
}) {
  return (
    <DataTable
      caption={`Numbers of ${title}`}
      columns={COLUMNS}
      rows={headlines}
      rowKey={({ key }) => key}
      whole
      testId="headlines"
    />
  );
}

const COLUMNS: readonly Column<Headline>[] = [
  { key: 'name', title: 'Number', cell: ({ name }) => <span className={classes.wide}>{name}</span> },
  {
    key: 'value',
    title: 'Value ± error',
    about: 'One standard error, or the bound that is named.',
    cell: (headline) => <strong className={classes.value}>{headlineWords(headline)}</strong>,
  },
  {
    key: 'error',
    title: 'Error of',
    wideOnly: true,
    cell: ({ error }) => <span className={classes.narrow}>{error?.of ?? '–'}</span>,
  },
  {
    key: 'control',
    title: 'Held against',
    about: 'The same number where nothing should be found, or what it must come to.',
    cell: (headline) => <span className={classes.narrow}>{controlWords(headline) || '–'}</span>,
  },
];
