/** What a person can do in the views of cells, and what follows the form. */
import type { RunConfig } from '../../../engine/config/run-config.ts';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { theEngine } from '../../../ui/state/actions.ts';
import { useStore } from '../../../ui/state/store.ts';
import { EngineError, jobOf } from '../../../worker/client.ts';
import type { DataTypes, FilmTypes } from '../jobs/look-types.ts';
import type { CellsParams } from '../params.ts';
import { dataKey, filmKey } from './keys.ts';
import { useCells } from './store.ts';

/** Cells that a film draws, and those of them that are seen on their way. */
const DRAWN = 384;
const LOOKED_AT = 48;
/** Steps of the rule that the origin's is held against. */
const RIGHT_STEPS = 64;
/** A film of more genes takes longer than anybody waits for unasked. */
const MOST_GENES = 600;

const data = () => jobOf<DataTypes>(theEngine(), 'cells', 'data');
const films = () => jobOf<FilmTypes>(theEngine(), 'cells', 'film');
const filesOf = () => useStore.getState().files;

/** Real cells of the configuration, where they are not there yet. */
export async function loadReal(config: RunConfig): Promise<void> {
  const key = dataKey(config, filesOf());
  if (useCells.getState().real?.key === key) return;
  try {
    const reply = await data().start({ config });
    useCells.setState({ real: { ...reply, key }, problem: undefined });
  } catch (error) {
    useCells.setState({ real: undefined, problem: wordsOf(error) });
  }
}

/** The film that could not be had last: nobody is asked for it again and again. */
let refused: string | undefined;

/** Draws cells by the form's rule, and by the one that it is held against. */
export async function loadFilms(config: RunConfig): Promise<void> {
  const { film, other, filming, real } = useCells.getState();
  const key = filmKey(config, filesOf());
  const against = otherRule(config);
  const otherKey = filmKey({ ...config, params: { ...config.params, ...against } }, filesOf());
  if (filming || key === refused || !real || real.genes.length > MOST_GENES) return;
  if (film?.key === key && other?.key === otherKey) return;
  useCells.setState({ filming: true });
  try {
    const wish = { config, cells: DRAWN, looks: LOOKED_AT };
    if (film?.key !== key) {
      const reply = await films().start(wish);
      useCells.setState({ film: { ...reply, key } });
    }
    if (other?.key !== otherKey) {
      const reply = await films().start({ ...wish, ...against });
      useCells.setState({ other: { ...reply, key: otherKey } });
    }
    useCells.setState({ filmProblem: undefined });
    refused = undefined;
  } catch (error) {
    refused = key;
    useCells.setState({ filmProblem: wordsOf(error) });
  } finally {
    useCells.setState({ filming: false });
  }
}

/** The origin's rule beside any right one, and a right one beside the origin's. */
export function otherRule({ params }: Pick<RunConfig, 'params'>): {
  readonly rule: CellsParams['rule'];
  readonly steps: number;
} {
  if (params.rule === 'origin') return { rule: 'tweedie', steps: RIGHT_STEPS };
  return { rule: 'origin', steps: params.rule === 'first-hitting' ? RIGHT_STEPS : Number(params.steps) };
}

/** What was asked for is no problem. */
export function isStop(error: unknown): boolean {
  return error instanceof EngineError && error.report.name === 'JobStoppedError';
}
