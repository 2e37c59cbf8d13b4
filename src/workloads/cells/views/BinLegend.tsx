import type { Bins } from '../data/types.ts';
import classes from './Cells.module.css';
import { binColours, binMark } from './palette.ts';

/** Swatches that a legend has room for. */
const MOST = 18;

/** What the colours of a heat map mean: masks, then counts of molecules by the least of each bin. */
export function BinLegend({ bins }: { readonly bins: Bins }) {
  const colours = binColours(bins.count);
  const every = Math.ceil(bins.count / MOST);
  const shown = colours
    .map((colour, bin) => ({ colour, bin }))
    .filter(({ bin }) => bin % every === 0 || bin === bins.count - 1);
  return (
    <ul className={classes.bins} aria-label={bins.edges ? 'Colours by molecules' : 'Colours by quantile of the cell'}>
      <li>
        <span className={classes.maskSwatch} aria-hidden="true" />
        masked
      </li>
      {shown.map(({ colour, bin }) => (
        <li key={bin} data-bin>
          <span aria-hidden="true" style={{ background: `rgb(${colour.join(' ')})` }} />
          {binMark(bins, bin)}
        </li>
      ))}
      <li>{bins.edges ? 'molecules' : 'quantile'}</li>
    </ul>
  );
}
