import { Button } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import { PauseIcon, PlayIcon, StepIcon } from '../../../ui/shared/icons.tsx';
import { Empty, Panel } from '../../../ui/shared/Panel.tsx';
import bar from '../../../ui/shared/Player.module.css';
import { type Player, prefersStills, usePlayer } from '../../../ui/shared/usePlayer.ts';
import { runOfForm, shownConfig } from '../../../ui/state/shown.ts';
import { isActive, useStore } from '../../../ui/state/store.ts';
import type { RealCells } from '../jobs/look-types.ts';
import { BinLegend } from './BinLegend.tsx';
import classes from './Cells.module.css';
import { orderOfCells } from './cell-order.ts';
import { type CellsFilm, type RunFilm, revealedShare, tokensAfter } from './film.ts';
import { Heatmap } from './Heatmap.tsx';
import { filmKey } from './keys.ts';
import { ruleWords } from './rule-words.ts';
import { type RuleFilm, useCells } from './store.ts';

const HEIGHT = 300;
/** From the first mask to the last count in so many seconds. */
const FILM_SECONDS = 6;
/** How often the film of a first visit is shown. */
const FIRST_ROUNDS = 3;

const LEAD =
  'Rows are cells, columns genes. All begin masked. A right rule reveals a few genes in each step, and each is drawn given those that are there; the origin’s rule reveals nearly all in its first step, so that none sees another.';

/** Masks dissolve into counts: by the form's rule, and beside it by the one that it is held against. */
export function DissolvePanel() {
  const config = useStore((store) => store.config);
  const files = useStore((store) => store.files);
  const active = useStore(isActive);
  const ran = useStore((store) => (runOfForm(store) ? shownConfig(store) : undefined));
  const progress = useStore((store) => store.progress);
  const { real, problem, film, other, filming, filmProblem, recorded } = useCells();
  const own = film?.key === filmKey(config, files) ? film : undefined;
  // What ran is shown with the settings that it ran with; another setting brings its own film.
  const fromRun = recorded && ran && (active || filmKey(ran, files) === filmKey(config, files)) ? recorded : undefined;
  const left = fromRun ?? (own && filmOf(own, real));
  const right = other && filmOf(other, real);
  const player = usePlayer(FILM_SECONDS);
  const key = fromRun ? 'run' : own?.key;
  const { pause, seek } = player;
  const visited = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each film
  useEffect(() => {
    if (key === undefined) return;
    // The film of a first visit plays unasked; one that follows the form shows where it ends.
    if (!visited.current && !fromRun && !prefersStills()) player.play(FIRST_ROUNDS);
    else seek(1);
    visited.current = true;
  }, [key]);
  const runNames = useMemo(
    () =>
      fromRun &&
      ((row: number) => (row < fromRun.items.length ? `Cell ${fromRun.items[row] + 1}` : 'A cell that has not begun')),
    [fromRun],
  );
  const going = active && fromRun !== undefined;
  // A run is shown as it stands; the rule beside it keeps its pace.
  const fraction = going ? fromRun.step / fromRun.steps : player.t;
  const rule =
    fromRun && ran ? ruleWords(ran.params.rule, ran.params.steps) : ruleWords(config.params.rule, config.params.steps);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a run has its own cells
  useEffect(() => {
    if (active) pause();
    else if (visited.current) seek(1);
  }, [active]);
  return (
    <Panel
      title="Masks dissolve into counts"
      about="Genes that go together stand beside each other, and so do cells that are alike. In each step some masks are revealed: the predictor says how likely each count is, given the genes of that cell that are visible already, and one is drawn. Genes that reveal in one step cannot see each other, so a rule that reveals all at once makes them independent. The last step reveals what is left."
    >
      {real ? (
        <>
          <p className={classes.lead}>{LEAD}</p>
          <BinLegend bins={real.bins} />
          <div className={classes.films}>
            <Side
              title={rule}
              from={fromRun ? (going ? 'cells of the run' : 'first cells of the run') : 'with the mixture as predictor'}
              film={left}
              real={real}
              fraction={fraction}
              awaited={filmProblem ?? (filming ? 'Drawing cells.' : 'Cells appear here.')}
              names={runNames}
              now={going ? fromRun : undefined}
            />
            <Side
              title={
                other
                  ? ruleWords(other.rule, other.steps - (other.rule === 'first-hitting' ? 0 : 1))
                  : 'The origin’s rule'
              }
              from="with the mixture as predictor"
              film={right}
              real={real}
              fraction={fraction}
              awaited={filmProblem ?? 'The rule that it is held against appears here.'}
            />
          </div>
          <FilmPlayer
            player={player}
            film={left}
            locked={going || !left}
            fraction={fraction}
            chunk={going ? progress?.chunk : undefined}
          />
        </>
      ) : (
        <Empty>{problem ?? 'Masked cells, and what a rule makes of them, appear here.'}</Empty>
      )}
    </Panel>
  );
}

/** A rule's film of the genes on screen. */
function filmOf({ tokens, revealedAt, steps }: RuleFilm, real: RealCells | undefined): CellsFilm | undefined {
  if (!real || tokens.length % real.genes.length !== 0) return undefined;
  return {
    genes: real.genes.length,
    mask: real.bins.count,
    steps,
    tokens,
    revealedAt,
  };
}

interface SideProps {
  readonly title: string;
  readonly from: string;
  readonly film: CellsFilm | undefined;
  readonly real: RealCells;
  readonly fraction: number;
  readonly awaited: string;
  readonly names?: (row: number) => string;
  /** A run that goes on: all that it has revealed is shown, and how far the cells in hand are. */
  readonly now?: RunFilm;
}

function Side({ title, from, film, real, fraction, awaited, names, now }: SideProps) {
  const fits = film?.genes === real.genes.length && film.mask === real.bins.count ? film : undefined;
  const step = fits ? Math.round(fraction * fits.steps) : 0;
  const seen = now ? now.steps : step;
  const tokens = useMemo(() => fits && tokensAfter(fits, seen), [fits, seen]);
  // While a run goes on nobody knows yet which cells will be alike.
  const rows = useMemo(() => (fits && !now ? orderOfCells(fits.tokens, fits.genes) : undefined), [fits, now]);
  const share = useMemo(() => (fits ? revealedShare(fits, seen, now?.rows) : 0), [fits, seen, now]);
  const words = fits ? `step ${step} of ${fits.steps}: ${Math.round(100 * share)} % revealed` : awaited;
  return (
    <section className={classes.film} aria-label={title}>
      <p className={classes.filmHead}>
        <strong>{title}</strong> <span>{words}</span>
      </p>
      {tokens ? (
        <Heatmap
          label={`${tokens.length / real.genes.length} cells, ${title}, ${words}`}
          tokens={tokens}
          genes={real.genes}
          bins={real.bins}
          order={real.order}
          rows={rows}
          rowName={names ?? ((cell) => `Cell ${cell + 1}`)}
          height={HEIGHT}
        />
      ) : (
        <div className={classes.filmEmpty} />
      )}
      <p className={classes.from}>{from}</p>
    </section>
  );
}

interface PlayerProps {
  readonly player: Player;
  readonly film: CellsFilm | undefined;
  readonly locked: boolean;
  readonly fraction: number;
  readonly chunk: { readonly index: number; readonly count: number } | undefined;
}

function FilmPlayer({ player, film, locked, fraction, chunk }: PlayerProps) {
  const steps = film?.steps ?? 1;
  const step = Math.round(fraction * steps);
  return (
    <div className={bar.player} data-testid="cells-player">
      <Button
        size="xs"
        variant="default"
        leftSection={player.playing ? <PauseIcon /> : <PlayIcon />}
        disabled={locked}
        onClick={() => (player.playing ? player.pause() : player.play())}
        data-testid="cells-play"
      >
        {player.playing ? 'Hold' : 'Play'}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<StepIcon />}
        disabled={locked}
        onClick={() => player.seek(step >= steps ? 0 : (step + 1) / steps)}
        title="One step of the rule"
      >
        Next step
      </Button>
      <input
        type="range"
        className={bar.time}
        aria-label="Step of the film"
        aria-valuetext={`step ${step} of ${steps}`}
        min={0}
        max={steps}
        step={1}
        value={step}
        disabled={locked}
        onChange={(event) => player.seek(Number(event.currentTarget.value) / steps)}
        data-testid="cells-time"
      />
      <output className={classes.clock}>
        {chunk ? `chunk ${chunk.index + 1} of ${chunk.count}` : `step ${step} of ${steps}`}
      </output>
    </div>
  );
}
