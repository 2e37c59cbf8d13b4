import { Suspense, useEffect } from 'react';
import { later } from '../../../ui/shared/later.tsx';
import { Empty } from '../../../ui/shared/Panel.tsx';
import { isActive, useStore } from '../../../ui/state/store.ts';
import { loadFilms, loadReal } from './actions.ts';
import classes from './Cells.module.css';
import { DissolvePanel } from './DissolvePanel.tsx';
import './finished.ts';
import { dataKey, filmKey } from './keys.ts';
import { offerConsole } from './offer-console.ts';
import { RulesPanel } from './RulesPanel.tsx';
import { useCells } from './store.ts';

const PrecisionPanel = later(() => import('./PrecisionPanel.tsx'));
const TrainingPanel = later(() => import('./TrainingPanel.tsx'));
const StepsPanel = later(() => import('./StepsPanel.tsx'));

/** A change of the form waits so long for the next one. */
const FORM_MS = 300;

/** Cells on their way from masks to counts, and whether genes go together in them as they do in real ones. */
export default function CellsLive() {
  useFollowing();
  useEffect(offerConsole, []);
  return (
    <div className={classes.stack}>
      <DissolvePanel />
      <RulesPanel />
      <Suspense fallback={<Empty>Loading</Empty>}>
        <StepsPanel />
      </Suspense>
      <Suspense fallback={<Empty>Loading</Empty>}>
        <PrecisionPanel />
      </Suspense>
      <Suspense fallback={<Empty>Loading</Empty>}>
        <TrainingPanel />
      </Suspense>
    </div>
  );
}

/** Keeps real cells and films with the form. */
function useFollowing(): void {
  const config = useStore((store) => store.config);
  const files = useStore((store) => store.files);
  const ready = useStore((store) => store.device !== undefined);
  const active = useStore(isActive);
  const broken = useStore((store) => Object.keys(store.fieldErrors).length > 0);
  const real = useCells((cells) => cells.real?.key);
  const data = dataKey(config, files);
  const film = filmKey(config, files);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what of the configuration matters
  useEffect(() => {
    if (!ready || broken) return;
    const timer = setTimeout(() => void loadReal(config), FORM_MS);
    return () => clearTimeout(timer);
  }, [ready, broken, data]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what of the configuration matters
  useEffect(() => {
    if (!ready || broken || active || real !== data) return;
    const timer = setTimeout(() => void loadFilms(config), FORM_MS);
    return () => clearTimeout(timer);
  }, [ready, broken, active, real, data, film]);
}
