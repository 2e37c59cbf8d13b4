import { DraftInput } from '../shared/DraftInput.tsx';
import { FieldLabel } from '../shared/FieldLabel.tsx';
import { setFieldError, setSeed } from '../state/actions.ts';
import { isActive, useStore } from '../state/store.ts';

const MAX_SEED = 2 ** 32 - 1;

/** The base seed: item i takes seed + i, and the same seed gives the same bits for any batch size. */
export function SeedField() {
  const seed = useStore((store) => store.config.seed);
  const error = useStore((store) => store.fieldErrors.seed);
  const locked = useStore(isActive);
  const change = (typed: string) => {
    const value = typed.trim() === '' ? Number.NaN : Number(typed);
    if (Number.isInteger(value) && value >= 0 && value <= MAX_SEED) setSeed(value);
    else setFieldError('seed', `Give a whole number from 0 to ${MAX_SEED}.`);
  };
  return (
    <div>
      <FieldLabel
        htmlFor="seed"
        label="Base seed"
        help="Item i takes this number plus i. On one adapter the same seed gives the same bits, whatever the batch size."
      />
      <DraftInput id="seed" text={String(seed)} error={error} disabled={locked} take={change} />
    </div>
  );
}
