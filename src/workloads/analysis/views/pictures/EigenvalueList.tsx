import { atError, plain } from '../../../../ui/format.ts';
import text from '../../../../ui/shared/text.module.css';
import classes from './Pictures.module.css';
import type { Eigenvalue } from './props.ts';

/** Eigenvalues with the bound of each residual, in the order that they are given in. */
export function EigenvalueList({ title, values }: { readonly title: string; readonly values: readonly Eigenvalue[] }) {
  return (
    <table className={classes.eigenvalues}>
      <caption>{title} eigenvalues</caption>
      <thead className={text.hidden}>
        <tr>
          <th scope="col">Place</th>
          <th scope="col">Value</th>
          <th scope="col">Residual bound</th>
        </tr>
      </thead>
      <tbody>
        {values.map(({ value, bound }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an eigenvalue is known by its place
          <tr key={i}>
            <th scope="row" className={classes.place}>
              {i + 1}
            </th>
            <td>{bound > 0 && bound > 1e-6 * Math.abs(value) ? atError(value, bound) : plain(value, 6)}</td>
            <td className={classes.bound}>± {plain(bound, 2)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
