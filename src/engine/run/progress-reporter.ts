/** What a run says of itself while it goes on: its state put together, and told not too often. */
import type { ChunkProgress } from '../../workloads/workload.ts';
import type { WalkListener } from './chunk-walk.ts';
import { RunMeter } from './meter.ts';
import type { RunProgress, RunState } from './progress.ts';
import type { RunListener } from './run-options.ts';

const PROGRESS_INTERVAL_MS = 100;

/** The part of the progress that the run itself knows. */
export type RunPlace = Pick<RunProgress, 'mode' | 'rescue' | 'stage' | 'chunk' | 'items' | 'memory'>;

export interface ReporterOptions {
  readonly meter: RunMeter;
  readonly now: () => number;
  readonly place: () => RunPlace;
  readonly listener: RunListener;
}

export class ProgressReporter {
  state: RunState = 'preparing';
  phase: RunProgress['phase'] = 'compile';
  /** The chunk in flight, or the last one. */
  chunk: ChunkProgress | undefined;
  readonly #options: ReporterOptions;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** Tells where the run stands; unless `now`, only when the last word is a while ago. */
  tell(now = false): void {
    const { listener, now: clock } = this.#options;
    if (!listener.progress || (!now && clock() - this.#toldAt < PROGRESS_INTERVAL_MS)) return;
    this.#toldAt = clock();
    listener.progress(this.progress());
  }

  /** Turns to a state and says so at once. */
  turn(state: RunState): void {
    this.state = state;
    this.tell(true);
  }

  /** What the walk through a chunk means for the run's clock and for what is told. */
  get walk(): Omit<WalkListener, 'saved'> {
    const { listener, meter } = this.#options;
    return {
      peek: listener.peek?.bind(listener),
      held: () => {
        meter.pause();
        this.turn('paused');
      },
      // Its time counts, or two steps would look as if they had taken none: rates would shoot up.
      stepping: () => meter.resume(),
      going: () => {
        meter.resume();
        if (this.state !== 'running') this.turn('running');
      },
      advanced: (chunk, now) => {
        meter.report(chunk);
        this.chunk = chunk;
        this.phase = chunk.phase === 'done' ? 'collect' : chunk.phase;
        this.tell(now);
      },
    };
  }

  progress(): RunProgress {
    const { meter, place } = this.#options;
    const over = this.state === 'finished' || this.state === 'stopped' || this.state === 'failed';
    const { busyShare, ...rates } = meter.read(over);
    const where = place();
    return {
      ...rates,
      ...where,
      state: this.state,
      phase: this.phase,
      transitions: { done: this.chunk?.steps ?? 0, total: this.chunk?.stepsTotal ?? 0 },
      clock: this.chunk?.clock ?? 'wall',
      bound: where.mode === 'cpu' ? 'cpu' : RunMeter.bound(busyShare),
    };
  }
}
