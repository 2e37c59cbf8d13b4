import { plain, withError } from '../../../../ui/format.ts';
import classes from './Pictures.module.css';
import type { TwoValue, TwoValuesProps } from './props.ts';

/** A number of ours beside the one that the usual formula gives, and why that one does not measure what it says. */
export function TwoValues({ name, ours, theirs, why, source }: TwoValuesProps) {
  return (
    <section className={classes.two} aria-label={`${name}, two formulas`} data-testid="two-values">
      <h4>{name}</h4>
      <dl>
        <Side title="Here" side={ours} />
        <Side title={source} side={theirs} wrong />
      </dl>
      <p>
        <strong>Why they differ:</strong> {why}
      </p>
    </section>
  );
}

function Side({ title, side, wrong }: { readonly title: string; readonly side: TwoValue; readonly wrong?: boolean }) {
  return (
    <div data-wrong={wrong}>
      <dt>{title}</dt>
      <dd>
        <strong>{sideWords(side)}</strong>
        <span>{side.formula}</span>
      </dd>
    </div>
  );
}

/** "30.4, 20.8, 14.5", "293 ± 39 nats" */
function sideWords({ values, error, unit }: TwoValue): string {
  const number =
    values.length === 1 && error !== undefined
      ? withError(values[0], error)
      : values.map((value) => plain(value, values.length === 1 ? 5 : 4)).join(', ');
  return unit ? `${number} ${unit}` : number;
}
