import { Button, NativeSelect } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { slicedWasserstein } from '../../../stats/two-sample/sliced-wasserstein.ts';
import { fixed, plain } from '../../../ui/format.ts';
import { Canvas } from '../../../ui/shared/Canvas.tsx';
import { PlaneSelect } from '../../../ui/shared/IndexSelect.tsx';
import { PauseIcon, PlayIcon, StepIcon } from '../../../ui/shared/icons.tsx';
import { Empty, Panel } from '../../../ui/shared/Panel.tsx';
import bar from '../../../ui/shared/Player.module.css';
import { prefersStills, usePlayer } from '../../../ui/shared/usePlayer.ts';
import { useTokens } from '../../../ui/shared/useTokens.ts';
import { peekOfForm } from '../../../ui/state/shown.ts';
import { isActive, useStore } from '../../../ui/state/store.ts';
import type { ParticlesPeek } from '../peek.ts';
import { loadFilm } from './actions.ts';
import { drawScene } from './draw-particles.ts';
import classes from './Flow.module.css';
import { frameAt, nextTime, positionsAt } from './film.ts';
import { filmKey } from './keys.ts';
import { distanceWords } from './quality-words.ts';
import { SceneLegend } from './SceneLegend.tsx';
import { useFlow } from './store.ts';

const HEIGHT = 380;
/** From noise to posterior in so many seconds. */
const FILM_SECONDS = 3.2;
/** Directions for the distance of a film; it is shown to two digits. */
const PROJECTIONS = 100;
/** How often the film of a first visit is shown. */
const FIRST_ROUNDS = 4;
const NONE: readonly Float32Array[] = [];

/** Particles on their way from noise to the posterior, with the exact one beneath. */
export function ParticlesPanel() {
  const config = useStore((store) => store.config);
  const files = useStore((store) => store.files);
  const active = useStore(isActive);
  const peek = useStore(peekOfForm) as ParticlesPeek | undefined;
  const { item, exact, film, filming, problem } = useFlow();
  const player = usePlayer(FILM_SECONDS);
  const tokens = useTokens();
  const [axes, setAxes] = useState<readonly [number, number]>([0, 1]);
  const [zoom, setZoom] = useState<'prior' | 'posterior'>('prior');
  const live = active ? peek?.large : undefined;
  const shown = film?.key === filmKey(config, files, item) ? film : undefined;
  const { t, seek } = player;
  const key = shown?.key;
  const playNext = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each film
  useEffect(() => {
    if (key === undefined) return;
    // A film that was asked for plays, and so does that of a first visit; one that follows the form shows where it ends.
    const first = shown?.unasked === true;
    if (playNext.current || (first && !prefersStills())) player.play(first ? FIRST_ROUNDS : 1);
    else seek(1);
    playNext.current = false;
    if (shown && first) useFlow.setState({ film: { ...shown, unasked: false } });
  }, [key]);
  const { pause } = player;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a run has its own particles
  useEffect(() => {
    if (active) pause();
  }, [active]);
  const dimension = exact?.parameters.length ?? 0;
  const [ix, iy] = axes.map((axis) => Math.min(axis, Math.max(0, dimension - 1))) as [number, number];
  const particles = useMemo(() => live?.positions ?? (shown && positionsAt(shown, t)), [live, shown, t]);
  const trails = useMemo(() => {
    if (live || !shown) return NONE;
    const size = shown.particles * shown.dimension;
    return Array.from({ length: frameAt(shown, t) + 1 }, (_, at) =>
      shown.positions.subarray(at * size, (at + 1) * size),
    );
  }, [live, shown, t]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      if (!exact) return;
      drawScene(
        context,
        width,
        height,
        {
          axes: [ix, iy],
          names: exact.parameters,
          prior: exact.prior,
          dimension,
          exact: exact.draws,
          truth: exact.parameters.map((name) => exact.truth[name]),
          particles: particles && particles.length % dimension === 0 ? particles : undefined,
          trails,
          zoom,
        },
        tokens,
      );
    },
    [exact, dimension, ix, iy, particles, trails, zoom, tokens],
  );
  const time = live?.t ?? (shown ? t : 0);
  const play = () => {
    if (shown) return player.play();
    playNext.current = true;
    void loadFilm(config, true);
  };
  return (
    <Panel
      title="From noise to posterior"
      about="Each disk is a sample on its way along the flow: at t = 0 it is noise, at t = 1 a draw from the posterior. A run draws those that end outside the prior anew. The film shows the very samples that a run draws, after each of its steps, with straight lines in between."
      aside={
        <>
          <NativeSelect
            size="xs"
            aria-label="Part of the plane"
            value={zoom}
            onChange={(event) => setZoom(event.currentTarget.value as typeof zoom)}
            data={[
              { value: 'prior', label: 'whole prior' },
              { value: 'posterior', label: 'posterior' },
            ]}
          />
          {exact && dimension > 2 && <PlaneSelect names={exact.parameters} axes={axes} onChange={setAxes} />}
        </>
      }
    >
      <SceneLegend
        sample="sample on its way"
        exact={exact?.draws !== undefined}
        prior={exact?.prior.kind}
        truth={exact !== undefined && Object.keys(exact.truth).length > 0}
      />
      <div className={classes.plane}>
        {exact ? (
          <Canvas
            height={HEIGHT}
            draw={draw}
            label={`${particles ? `${particles.length / dimension} particles at time ${fixed(time, 2)}` : 'No particles yet'} in the plane of ${exact.parameters[ix]} and ${exact.parameters[iy]}, over ${exact.draws ? 'draws from the exact posterior' : 'the prior'}`}
          />
        ) : (
          <Empty>
            {problem ?? 'The exact posterior of the observation appears here, and particles on their way to it.'}
          </Empty>
        )}
      </div>
      <div className={bar.player} data-testid="flow-player">
        <Button
          size="xs"
          variant="default"
          leftSection={player.playing ? <PauseIcon /> : <PlayIcon />}
          disabled={active || filming}
          onClick={() => (player.playing ? player.pause() : play())}
          data-testid="flow-play"
        >
          {player.playing ? 'Hold' : 'Play'}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<StepIcon />}
          disabled={active || !shown}
          onClick={() => shown && seek(t >= 1 ? 0 : nextTime(shown, t))}
          title="One step of the solver"
        >
          Next step
        </Button>
        <input
          type="range"
          className={bar.time}
          aria-label="Time of the flow"
          aria-valuetext={`t = ${fixed(time, 2)}`}
          min={0}
          max={1}
          step={0.01}
          value={time}
          disabled={active || !shown}
          onChange={(event) => seek(Number(event.currentTarget.value))}
          data-testid="flow-time"
        />
        <output className={classes.clock}>t = {fixed(time, 2)}</output>
      </div>
      <p className={classes.facts} data-testid="flow-facts">
        {live ? (
          'The run’s own particles, as they are.'
        ) : filming ? (
          'Following the particles.'
        ) : shown ? (
          <Ends positions={shown.positions} count={shown.particles} on={shown.on} evaluations={shown.evaluations} />
        ) : (
          (problem ?? exact?.reason ?? 'Press Play to send particles along the flow with these settings.')
        )}
      </p>
    </Panel>
  );
}

interface EndsProps {
  readonly positions: Float32Array;
  readonly count: number;
  readonly on: 'gpu' | 'cpu';
  readonly evaluations: number;
}

/** Where the particles came to, in numbers. */
function Ends({ positions, count, on, evaluations }: EndsProps) {
  const exact = useFlow((flow) => flow.exact);
  const distances = useMemo(() => {
    const draws = exact?.draws;
    const dim = exact?.parameters.length ?? 1;
    if (!draws) return undefined;
    const last = positions.subarray(positions.length - count * dim);
    if (!last.every(Number.isFinite)) return undefined;
    const part = (from: number) => ({ values: draws.subarray(from * dim, (from + count) * dim), dim });
    if (draws.length < 2 * count * dim) return undefined;
    const to = (values: ArrayLike<number>) => slicedWasserstein(part(0), { values, dim }, 1, PROJECTIONS);
    return { flow: to(last), control: to(part(count).values) };
  }, [exact, positions, count]);
  return (
    <>
      {count} particles, {plain(evaluations, 3)} evaluations each{on === 'cpu' ? ', on the CPU in f64' : ''}.{' '}
      {distances
        ? `Distance from the exact posterior (sliced W2) ${plain(distances.flow, 2)}; of exact draws from each other ${plain(distances.control, 2)}: ${distanceWords(distances.flow, distances.control)}.`
        : exact?.reason}
    </>
  );
}
