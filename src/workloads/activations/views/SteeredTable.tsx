import type { ReactNode } from 'react';
import { grouped } from '../../../ui/format.ts';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import type { SteeredSet } from '../jobs/steer-types.ts';
import classes from './Steer.module.css';
import { useSteer } from './steer.ts';

interface Row {
  readonly what: string;
  readonly positive: string;
  readonly negative: string;
  readonly nll: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { key: 'what', title: 'Written', cell: ({ what }) => what },
  { key: 'positive', title: 'Words of the trait', numeric: true, cell: ({ positive }) => positive },
  { key: 'negative', title: 'Of its opposite', numeric: true, cell: ({ negative }) => negative },
  {
    key: 'nll',
    title: '−log p',
    about:
      'Nats a token under the model as it is: how far its own language has been left. A story of garbage may be full of happy words, too.',
    numeric: true,
    cell: ({ nll }) => nll,
  },
];

const NONE = '–';

/** What a push has done to all stories together, beside none and beside pushes that say nothing. */
export function SteeredTable({ random }: { readonly random: ReactNode }) {
  const { plain, steered, randoms, setting } = useSteer();
  const shown = setting.strength === 0 ? plain : steered;
  return (
    <div className={classes.counts}>
      <DataTable
        caption="Words of the trait in all stories, by how they were written"
        testId="steer-counts"
        columns={COLUMNS}
        rows={[rowOf('as it is', plain), rowOf('steered', shown), randomRow(randoms)]}
        rowKey={({ what }) => what}
        whole
      />
      {random}
    </div>
  );
}

function rowOf(what: string, set: SteeredSet | undefined): Row {
  if (!set) return { what, positive: NONE, negative: NONE, nll: NONE };
  const { counts, nll } = set;
  return { what, positive: grouped(counts.positive), negative: grouped(counts.negative), nll: nll?.toFixed(2) ?? NONE };
}

/** From the least to the most of all random directions. */
function randomRow(sets: readonly SteeredSet[]): Row {
  const what = sets.length === 0 ? 'random directions' : `${sets.length} random directions`;
  const range = (values: readonly number[], digits: number) =>
    values.length === 0 ? NONE : `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
  return {
    what,
    positive: range(
      sets.map(({ counts }) => counts.positive),
      0,
    ),
    negative: range(
      sets.map(({ counts }) => counts.negative),
      0,
    ),
    nll: range(
      sets.flatMap(({ nll }) => (nll === undefined ? [] : [nll])),
      2,
    ),
  };
}
