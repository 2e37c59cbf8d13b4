/**
 * Which samples of each observation are drawn, and which are kept: of the sample numbers 0, 1, 2 … the first n that are accepted. How they are
 * packed into rounds follows from what is missing, but no result does: it hangs on the numbers alone.
 */
import { outOfReach } from '../rejection.ts';
import { SAMPLES_A_GROUP } from './plan.ts';
import type { SampleGroup } from './sampler.ts';

/** The samples of one observation. */
export interface Wanted {
  /** Row among the observations of the chunk. */
  readonly row: number;
  /** Random stream of the observation. */
  readonly stream: number;
  /** Accepted samples to be had. */
  readonly count: number;
}

/** What an observation came to. */
export interface Drawn {
  /** [count][dimension] in the units of the parameters; fewer where it failed. */
  readonly samples: Float64Array;
  /** Number of each kept sample among all that were drawn. */
  readonly indices: Int32Array;
  /** Evaluations of the network for the samples up to the last one kept. */
  readonly evaluations: number;
  /** Why it has fewer samples than asked for. */
  readonly failure?: string;
}

/**
 * Samples drawn for one that is kept before an observation counts as hopeless. Networks learn from a prior that goes on beyond its edges, so a share
 * is rejected by design: three of four in a corner and, where the noise leads out of it, more. Of 4,000 observations of the Gaussian mixture's
 * prior predictive three had less than a twentieth inside.
 */
const TRIES = 200;
/** After so many it is asked whether that can be had at all. */
const FIRST_LOOK = 1024;
/** Kept samples that tell the share well enough to draw all that is missing; before, a round at most doubles what was drawn. */
const ENOUGH = 16;

class Row {
  readonly samples: Float64Array;
  readonly indices: Int32Array;
  readonly limit: number;
  kept = 0;
  evaluations = 0;
  /** Next sample number. */
  next = 0;
  failure: string | undefined;

  constructor(
    readonly wanted: Wanted,
    readonly dimension: number,
  ) {
    this.samples = new Float64Array(wanted.count * dimension);
    this.indices = new Int32Array(wanted.count);
    this.limit = SAMPLES_A_GROUP * Math.ceil((TRIES * wanted.count) / SAMPLES_A_GROUP);
  }

  get open(): boolean {
    return this.failure === undefined && this.kept < this.wanted.count;
  }

  /** Groups that a round should draw for it. */
  get missing(): number {
    const share = this.next > 0 ? this.kept / this.next : 1;
    const expected = Math.ceil((this.wanted.count - this.kept) / share / SAMPLES_A_GROUP);
    const most = (this.limit - this.next) / SAMPLES_A_GROUP;
    const known = this.next === 0 || this.kept >= ENOUGH;
    return Math.min(most, known ? expected : Math.min(expected, Math.max(FIRST_LOOK, this.next) / SAMPLES_A_GROUP));
  }
}

export class AcceptedDraws {
  readonly #rows: readonly Row[];
  readonly #accepts: (sample: ArrayLike<number>) => boolean;
  readonly #dimension: number;

  /** @param accepts whether a sample, in the units of the parameters, is kept */
  constructor(wanted: readonly Wanted[], dimension: number, accepts: (sample: ArrayLike<number>) => boolean) {
    this.#rows = wanted.map((each) => new Row(each, dimension));
    this.#dimension = dimension;
    this.#accepts = accepts;
  }

  /** True when every observation has its samples or has failed. */
  get done(): boolean {
    return !this.#rows.some(({ open }) => open);
  }

  /** The groups of the next round, at most `capacity`, which must be at least the number of observations. */
  next(capacity: number): SampleGroup[] {
    const open = this.#rows.filter((row) => row.open);
    const share = Math.floor(capacity / Math.max(1, open.length));
    return open.flatMap(({ wanted: { row, stream }, next, missing }) =>
      Array.from({ length: Math.min(share, missing) }, (_, i) => ({ row, stream, sample: next + SAMPLES_A_GROUP * i })),
    );
  }

  /**
   * Takes the samples of a round: [group][4][dimension], in the order of `groups`.
   * @param evaluations of the network, for each sample or for all alike
   */
  take(groups: readonly SampleGroup[], samples: ArrayLike<number>, evaluations: number | ArrayLike<number>): void {
    const rows = new Map(this.#rows.map((row) => [row.wanted.row, row]));
    const sample = new Float64Array(this.#dimension);
    groups.forEach((group, at) => {
      const row = rows.get(group.row);
      for (let c = 0; row && c < SAMPLES_A_GROUP; c++) {
        for (let i = 0; i < this.#dimension; i++) sample[i] = samples[(SAMPLES_A_GROUP * at + c) * this.#dimension + i];
        const each = typeof evaluations === 'number' ? evaluations : evaluations[SAMPLES_A_GROUP * at + c];
        this.#offer(row, sample, each);
      }
    });
  }

  /** In the order of the observations. */
  drawn(): Drawn[] {
    return this.#rows.map(({ samples, indices, kept, failure, dimension, evaluations }) =>
      failure === undefined
        ? { samples, indices, evaluations }
        : { samples: samples.slice(0, kept * dimension), indices: indices.slice(0, kept), evaluations, failure },
    );
  }

  #offer(row: Row, sample: Float64Array, evaluations: number): void {
    const number = row.next++;
    if (!row.open) return;
    row.evaluations += evaluations;
    if (!sample.every(Number.isFinite)) {
      row.failure = `sample ${number} is no finite number`;
      return;
    }
    if (this.#accepts(sample)) {
      row.samples.set(sample, row.kept * this.#dimension);
      row.indices[row.kept++] = number;
    }
    const { kept, next, limit } = row;
    const { count } = row.wanted;
    if (!row.open || (next < limit && (next < FIRST_LOOK || !outOfReach(count, kept, next, limit)))) return;
    row.failure =
      kept === 0
        ? `no draw of ${next.toLocaleString('en-US')} fell inside the prior: the network's posterior lies outside it; is this observation one that the simulator makes?`
        : `only ${kept} of ${next} samples lie inside the prior, and ${count} are wanted`;
  }
}
