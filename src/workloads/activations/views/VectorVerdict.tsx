import { CheckIcon, WarnIcon } from '../../../ui/shared/icons.tsx';
import type { ChosenLayer, VectorScore, VectorTable } from '../vectors/types.ts';
import classes from './Vectors.module.css';
import { intervalWords, layerWords, METHOD_WORDS } from './words.ts';

/** Of all layers that were chosen, the one that the training parts thought best of. */
export function bestOf({
  choices,
  scores,
}: VectorTable): { readonly score: VectorScore; readonly choice: ChosenLayer } | undefined {
  const [choice] = [...choices].sort((a, b) => b.innerAuc - a.innerAuc);
  const score =
    choice &&
    scores.find(
      ({ position, component, layer, method }) =>
        position === choice.position &&
        component === choice.component &&
        layer === choice.layer &&
        method === choice.method,
    );
  return score && { score, choice };
}

interface VerdictProps {
  readonly best: { readonly score: VectorScore; readonly choice: ChosenLayer };
  readonly table: VectorTable;
}

/** In a sentence: what the chosen layer is worth, and what shuffled labels would have said. */
export function VectorVerdict({ best: { score, choice }, table }: VerdictProps) {
  const { position, component, layer, method } = score;
  const { auc } = choice.heldOut;
  const good = auc.low > 0.5;
  const shuffled = table.controls.find(
    (control) =>
      control.name === 'labels shuffled' &&
      control.position === position &&
      control.component === component &&
      control.layer === layer,
  );
  return (
    <ul className={classes.verdicts} data-testid="vectors-verdict">
      <li data-good={good || undefined} data-bad={!good || undefined}>
        {good ? <CheckIcon /> : <WarnIcon />}
        <span>
          {METHOD_WORDS[method].name} of {layerWords(component, layer)} at {position}:{' '}
          {good ? 'tells texts of unseen questions apart' : 'cannot be told from chance'}, held-out AUC{' '}
          {intervalWords(auc)}, with the layer chosen inside the training parts.
        </span>
      </li>
      {shuffled && (
        <li>
          <WarnIcon />
          <span>
            With labels shuffled the same procedure scores {shuffled.train.auc.value.toFixed(2)} on what it was fitted
            to and {shuffled.heldOut.auc.value.toFixed(2)} on held-out questions: training scores are no evidence.
          </span>
        </li>
      )}
    </ul>
  );
}
