import { WarnIcon } from '../shared/icons.tsx';
import classes from './WarningLines.module.css';

/** What must be known before the results below are believed. */
export function WarningLines({ warnings }: { readonly warnings: readonly string[] }) {
  return warnings.map((warning) => (
    <p key={warning} className={classes.warning} data-testid="result-warning">
      <WarnIcon />
      <span>
        <strong>Warning.</strong> {warning}
      </span>
    </p>
  ));
}
