/** What the cells' own views hold beside the page's store. Only the actions of this folder write it. */
import { create } from 'zustand';
import type { Agreement, FilmReply, RealCells } from '../jobs/look-types.ts';
import type { RunFilm } from './film.ts';

/** What a rule does with the mixture as predictor. */
export interface RuleFilm extends FilmReply {
  readonly key: string;
}

/** Finished cells of the run on screen, and how they compare with real ones. */
export interface FinishedCells {
  /** The run that they are of. */
  readonly run: unknown;
  /** Indices in the run, a row of tokens each, in the order in which they came. */
  readonly items: readonly number[];
  /** [items][genes] */
  readonly tokens: Uint8Array;
  /** Absent until real cells of the same genes are there, and two cells or more. */
  readonly correlation?: Float32Array;
  readonly agreement?: Agreement;
}

interface CellsStore {
  readonly real: (RealCells & { readonly key: string }) | undefined;
  /** Why there are no real cells to see, in words. */
  readonly problem: string | undefined;
  /** By the rule of the form, and by the one that it is held against. */
  readonly film: RuleFilm | undefined;
  readonly other: RuleFilm | undefined;
  readonly filming: boolean;
  readonly filmProblem: string | undefined;
  /** The cells of the run on screen that are looked at, as far as they have come. */
  readonly recorded: RunFilm | undefined;
  readonly finished: FinishedCells | undefined;
}

export const useCells = create<CellsStore>()(() => ({
  real: undefined,
  problem: undefined,
  film: undefined,
  other: undefined,
  filming: false,
  filmProblem: undefined,
  recorded: undefined,
  finished: undefined,
}));
