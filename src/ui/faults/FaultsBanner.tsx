import { Button } from '@mantine/core';
import type { FaultPlan } from '../../gpu/faults.ts';
import { WarnIcon } from '../shared/icons.tsx';
import { applyFaults } from '../state/faults.ts';
import { formExperiment } from '../state/shown.ts';
import { isActive, isTuning, useStore } from '../state/store.ts';
import classes from './Faults.module.css';
import { fieldsOf, planInWords } from './fields.ts';

/** Nobody shall wonder at what was asked for: stands there for as long as faults are on. */
export default function FaultsBanner({ faults }: { readonly faults: FaultPlan }) {
  const fields = fieldsOf(useStore(formExperiment));
  const busy = useStore((store) => isActive(store) || isTuning(store));
  return (
    <div className={classes.banner} role="status" data-testid="faults-banner">
      <WarnIcon />
      <span>
        <strong>Faults are on:</strong> {planInWords(faults, fields)}.
      </span>
      <Button
        size="compact-xs"
        variant="default"
        disabled={busy}
        title={busy ? 'The device is at work; stop it first' : undefined}
        onClick={() => void applyFaults({})}
        data-testid="faults-off"
      >
        Switch off
      </Button>
    </div>
  );
}
