import { Explain } from './Explain.tsx';
import classes from './FieldLabel.module.css';

/** Label of a field with its unit and explanation. */
export function FieldLabel(props: {
  readonly htmlFor: string;
  readonly label: string;
  readonly unit?: string;
  readonly help: string;
}) {
  return (
    <div className={classes.label}>
      <label htmlFor={props.htmlFor}>
        {props.label}
        {props.unit && <span className={classes.unit}> {props.unit}</span>}
      </label>
      <Explain what={props.label}>{props.help}</Explain>
    </div>
  );
}
