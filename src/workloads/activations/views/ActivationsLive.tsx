import { Suspense } from 'react';
import { later } from '../../../ui/shared/later.tsx';
import { Empty } from '../../../ui/shared/Panel.tsx';
import classes from './Activations.module.css';
import { GrowingTexts } from './GrowingTexts.tsx';
import SteerPanel from './SteerPanel.tsx';

const PANELS = [
  later(() => import('./TracePanel.tsx')),
  later(() => import('./BatchesPanel.tsx')),
  later(() => import('./PaddingPanel.tsx')),
  later(() => import('./PrecisionPanel.tsx')),
  later(() => import('./TrainingPanel.tsx')),
] as const;

/** Texts as they are written, steered, followed, and what batches, padding and storage do to them. */
export default function ActivationsLive() {
  return (
    <div className={classes.stack}>
      <SteerPanel />
      <GrowingTexts />
      {PANELS.map((View, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they never change places
        <Suspense key={place} fallback={<Empty>Loading</Empty>}>
          <View />
        </Suspense>
      ))}
    </div>
  );
}
