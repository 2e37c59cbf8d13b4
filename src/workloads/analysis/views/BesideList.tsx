import { useStore } from '../../../ui/state/store.ts';
import type { TheirsBesideOurs } from '../metrics/metric.ts';
import classes from './Analysis.module.css';
import { TwoValues } from './pictures/index.ts';

/** Where the origin computes something else under the same name: open while its switch is on. */
export function BesideList({ beside }: { readonly beside: readonly TheirsBesideOurs[] }) {
  const open = useStore(({ config }) => config.params.origin !== false);
  if (beside.length === 0) return null;
  return (
    <details className={classes.beside} open={open} data-testid="theirs">
      <summary>
        <h3>Theirs beside ours</h3>
      </summary>
      {beside.map(({ name, ours, theirs, why }) => (
        <TwoValues
          key={name}
          name={name}
          ours={{ values: [ours], formula: 'by the definition above' }}
          theirs={{ values: [theirs], formula: 'under the same name' }}
          why={why}
          source="TensorScope"
        />
      ))}
    </details>
  );
}
