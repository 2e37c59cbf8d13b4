import { Suspense, useEffect, useRef } from 'react';
import { later } from '../../../ui/shared/later.tsx';
import { Empty } from '../../../ui/shared/Panel.tsx';
import { isActive, useStore } from '../../../ui/state/store.ts';
import { loadExact, loadFilm, offerFilm } from './actions.ts';
import './run-points.ts';
import { CostPanel } from './CostPanel.tsx';
import classes from './Flow.module.css';
import { filmKey, problemKey } from './keys.ts';
import { ObservationPicker } from './ObservationPicker.tsx';
import { ParticlesPanel } from './ParticlesPanel.tsx';
import { useFlow } from './store.ts';

const PrecisionPanel = later(() => import('./PrecisionPanel.tsx'));
const TrainingPanel = later(() => import('./TrainingPanel.tsx'));

/** A change of the form waits so long for the next one. */
const EXACT_MS = 120;
const FILM_MS = 350;

/** What happens to samples on their way, and what accuracy costs. */
export default function FlowLive() {
  useFollowing();
  return (
    <>
      <ObservationPicker />
      <div className={classes.grid}>
        <ParticlesPanel />
        <CostPanel />
      </div>
      <div className={classes.below}>
        <Suspense fallback={<Empty>Loading</Empty>}>
          <PrecisionPanel />
        </Suspense>
      </div>
      <div className={classes.below}>
        <Suspense fallback={<Empty>Loading</Empty>}>
          <TrainingPanel />
        </Suspense>
      </div>
    </>
  );
}

/** Keeps the exact posterior and the film with the form, and adds what a run cost when it is over. */
function useFollowing(): void {
  const config = useStore((store) => store.config);
  const files = useStore((store) => store.files);
  const ready = useStore((store) => store.device !== undefined);
  const status = useStore((store) => store.status);
  const active = useStore(isActive);
  const broken = useStore((store) => Object.keys(store.fieldErrors).length > 0);
  const item = useFlow((flow) => flow.item);
  const known = useFlow((flow) => flow.exact !== undefined);
  // Once there are particles they follow the form: what a setting does is seen at once.
  const used = useFlow((flow) => flow.film !== undefined);
  const filming = useFlow((flow) => flow.filming);
  const problem = problemKey(config, files, item);
  const film = filmKey(config, files, item);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what of the configuration matters
  useEffect(() => {
    if (!ready || broken) return;
    const timer = setTimeout(() => void loadExact(config), EXACT_MS);
    return () => clearTimeout(timer);
  }, [ready, broken, problem]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what of the configuration matters
  useEffect(() => {
    if (!ready || !known || used || active || broken) return;
    const timer = setTimeout(() => void offerFilm(config), FILM_MS);
    return () => clearTimeout(timer);
  }, [ready, known, used, active, broken, film]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what of the configuration matters
  useEffect(() => {
    if (!used || active || filming || broken) return;
    const timer = setTimeout(() => void loadFilm(config), FILM_MS);
    return () => clearTimeout(timer);
  }, [used, active, filming, broken, film]);
  const before = useRef(status);
  useEffect(() => {
    const ran = before.current === 'running' || before.current === 'paused';
    before.current = status;
    const { ranConfig } = useStore.getState();
    if (!ran || status !== 'done' || !ranConfig) return;
    void loadFilm(ranConfig, true);
  }, [status]);
}
