import { lazy, Suspense } from 'react';
import live from '../../../ui/live/LiveTab.module.css';
import { Empty, Panel } from '../../../ui/shared/Panel.tsx';
import { peekOfForm } from '../../../ui/state/shown.ts';
import { useStore } from '../../../ui/state/store.ts';
import { shearExperiment } from '../experiment.ts';
import type { ShearPeek } from '../peek.ts';

// Nothing to draw before a run, so what draws is no part of the first load.
const Stamps = lazy(() => import('./Stamps.tsx'));

/** Image, model and residual of the galaxy being watched. */
export default function StampPanel() {
  const images = useStore((store) => (peekOfForm(store) as ShearPeek | undefined)?.large);
  return (
    <Panel
      className={live.tall}
      title="Data, model, residual"
      about={`The image of the ${shearExperiment.itemName.one} being watched, the model at the current position of the chosen chain, and their difference. A residual without structure means that the model explains the data.`}
    >
      {images ? (
        <Suspense>
          <Stamps images={images} />
        </Suspense>
      ) : (
        <Empty>
          While a run goes on, the observed stamp, the model at the chain&rsquo;s position and their difference appear
          here.
        </Empty>
      )}
    </Panel>
  );
}
