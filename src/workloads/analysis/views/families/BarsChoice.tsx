import { useState } from 'react';
import { IndexSelect } from '../../../../ui/shared/IndexSelect.tsx';
import { BarsByTensor, type BarsByTensorProps } from '../pictures/index.ts';

export interface BarsOption extends BarsByTensorProps {
  /** In the select. */
  readonly label: string;
}

/** Several figures of bars in one place. */
export function BarsChoice({ options }: { readonly options: readonly BarsOption[] }) {
  const [at, setAt] = useState(0);
  const { label, ...bars } = options[Math.min(at, options.length - 1)];
  return (
    <BarsByTensor
      key={label}
      {...bars}
      aside={
        options.length > 1 && (
          <IndexSelect label="Quantity" names={options.map((each) => each.label)} value={at} onChange={setAt} />
        )
      }
    />
  );
}
