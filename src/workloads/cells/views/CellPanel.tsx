import { Switch } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { TokenItem } from '../../../results/tokens/item.ts';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import { Empty, Panel } from '../../../ui/shared/Panel.tsx';
import { useStore } from '../../../ui/state/store.ts';
import type { RealCells } from '../jobs/look-types.ts';
import classes from './Cells.module.css';
import { binColours, binWords } from './palette.ts';

interface GeneRow {
  readonly gene: number;
  readonly name: string;
  readonly bin: number;
  /** Of real cells. */
  readonly mean: number;
}

/** Every gene of the chosen cell, those with most molecules first. */
export function CellPanel({ real }: { readonly real: RealCells }) {
  const item = useStore((store) => store.selectedItem) as TokenItem | undefined;
  const [zeros, setZeros] = useState(false);
  const fits = item?.tokens?.length === real.genes.length ? item : undefined;
  const rows = useMemo(
    () =>
      fits
        ? real.genes
            .map((name, gene): GeneRow => ({ gene, name, bin: fits.tokens[gene], mean: real.means[gene] }))
            .filter(({ bin }) => zeros || bin > 0)
            .sort((a, b) => b.bin - a.bin || a.gene - b.gene)
        : [],
    [fits, real, zeros],
  );
  const colours = binColours(real.bins.count);
  const columns: readonly Column<GeneRow>[] = [
    { key: 'gene', title: 'Gene', cell: ({ name }) => name },
    {
      key: 'count',
      title: real.bins.edges ? 'Molecules' : 'Quantile',
      about: 'What its bin holds. A count within the bin is drawn when the run is exported.',
      numeric: true,
      cell: ({ bin }) => (
        <>
          {binWords(real.bins, bin)}{' '}
          <span
            className={classes.dot}
            style={{ background: `rgb(${colours[Math.min(bin, colours.length - 1)].join(' ')})` }}
            aria-hidden="true"
          />
        </>
      ),
    },
    {
      key: 'bin',
      title: 'Bin',
      about: 'The token that was drawn: 0 is no molecule.',
      numeric: true,
      cell: ({ bin }) => bin,
    },
    { key: 'mean', title: 'Mean bin of real cells', numeric: true, cell: ({ mean }) => mean.toFixed(2) },
  ];
  return (
    <Panel
      title={fits ? `Genes of ${fits.info.runId}` : 'One cell'}
      aside={
        fits && (
          <Switch
            size="xs"
            label="Zeros, too"
            checked={zeros}
            onChange={(event) => setZeros(event.currentTarget.checked)}
          />
        )
      }
    >
      {fits ? (
        <DataTable
          caption={`Every gene of ${fits.info.runId}, most molecules first`}
          testId="cells-genes"
          columns={columns}
          rows={rows}
          rowKey={({ gene }) => gene}
        />
      ) : (
        <Empty>Choose a row of a picture or of the table to see all genes of that cell.</Empty>
      )}
    </Panel>
  );
}
