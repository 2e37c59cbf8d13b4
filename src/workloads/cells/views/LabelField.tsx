import form from '../../../ui/controls/Controls.module.css';
import { setParam } from '../../../ui/state/actions.ts';
import { isActive, useStore } from '../../../ui/state/store.ts';
import type { LabelCount } from '../jobs/look-types.ts';
import classes from './Cells.module.css';
import { useReal } from './useReal.ts';

/** Labels that are offered; more are found by typing. */
const MOST = 24;

interface LabelsProps {
  readonly param: 'perturbation' | 'cellType';
  readonly title: string;
  readonly labels: readonly LabelCount[];
}

/** Labels of the data above the field that takes one: a press sets it. */
function Labels({ param, title, labels }: LabelsProps) {
  const value = useStore((store) => String(store.config.params[param]));
  const locked = useStore(isActive);
  if (labels.length === 0) return null;
  return (
    <div className={form.wide}>
      <p className={classes.labelsHead}>{title} of the data</p>
      <div className={classes.labels}>
        {[{ name: '', cells: 0 }, ...labels.slice(0, MOST)].map(({ name, cells }) => (
          <button
            key={name}
            type="button"
            disabled={locked}
            aria-pressed={value === name}
            title={name ? `${cells} cells of the data` : undefined}
            onClick={() => setParam(param, name)}
          >
            {name || 'all'}
          </button>
        ))}
        {labels.length > MOST && <span>and {labels.length - MOST} more</span>}
      </div>
    </div>
  );
}

export function PerturbationField() {
  const real = useReal();
  return <Labels param="perturbation" title="Perturbations" labels={real?.perturbations ?? []} />;
}

export function CellTypeField() {
  const real = useReal();
  return <Labels param="cellType" title="Cell types" labels={real?.cellTypes ?? []} />;
}
