/** The table of vectors while it grows: what comes to be known, and all that is known so far. */
import { foldsOf } from './folds.ts';
import type {
  ChosenLayer,
  Control,
  FittedVector,
  MassiveDimension,
  PooledActivations,
  VectorOptions,
  VectorScore,
  VectorTable,
} from './types.ts';

/** What has come to be known. `scores` of a layer are told again, with `chosen`, when its part is done. */
export interface VectorNews {
  readonly scores: readonly VectorScore[];
  readonly vectors: readonly FittedVector[];
  readonly controls: readonly Control[];
  readonly choices: readonly ChosenLayer[];
  readonly massive: readonly MassiveDimension[];
  readonly notes: readonly string[];
  /** Cells of position, component and layer. */
  readonly done: number;
  readonly of: number;
}

/** A table with all its vectors. */
export interface FittedTable {
  readonly table: VectorTable;
  readonly vectors: readonly FittedVector[];
}

/** What is known from all news so far. */
export class GrowingTable {
  readonly #scores = new Map<string, VectorScore>();
  readonly #vectors: FittedVector[] = [];
  readonly #controls: Control[] = [];
  readonly #choices: ChosenLayer[] = [];
  readonly #massive = new Map<string, MassiveDimension>();
  readonly #notes: string[] = [];
  readonly #counts: VectorTable['counts'];

  constructor(
    pooled: PooledActivations,
    readonly options: VectorOptions,
  ) {
    const { y, question } = pooled;
    const positive = y.reduce((sum, label) => sum + label, 0);
    this.#counts = {
      positive,
      negative: y.length - positive,
      questions: new Set(question).size,
      folds: foldsOf(y, question, options.folds).count,
    };
  }

  add(news: VectorNews): void {
    for (const score of news.scores)
      this.#scores.set([score.position, score.component, score.layer, score.method].join(), score);
    for (const one of news.massive) this.#massive.set([one.component, one.layer, one.dimension].join(), one);
    this.#vectors.push(...news.vectors);
    this.#controls.push(...news.controls);
    this.#choices.push(...news.choices);
    this.#notes.push(...news.notes);
  }

  get now(): FittedTable {
    return {
      table: {
        scores: [...this.#scores.values()],
        controls: [...this.#controls],
        choices: [...this.#choices],
        massive: [...this.#massive.values()],
        notes: [...this.#notes],
        options: this.options,
        counts: this.#counts,
      },
      vectors: [...this.#vectors],
    };
  }
}
