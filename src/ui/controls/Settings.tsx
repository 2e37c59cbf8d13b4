import type { ReactNode } from 'react';
import { shortBytes } from '../format.ts';
import { isActive, useStore } from '../state/store.ts';
import { OneLine } from './OneLine.tsx';

/** All fields but the preset and the files. One that is wrong is seen. */
export function Settings({ children }: { readonly children: ReactNode }) {
  const wrong = useStore(({ fieldErrors }) => Object.values(fieldErrors).some((error) => error !== undefined));
  const brief = useStore(({ plan }) => plan && `batch ${plan.chunk}, ${shortBytes(plan.mostBytes)}`);
  const active = useStore(isActive);
  return (
    <OneLine id="form.settings" title="Settings" brief={active ? 'locked during a run' : brief} needed={wrong}>
      {children}
    </OneLine>
  );
}
