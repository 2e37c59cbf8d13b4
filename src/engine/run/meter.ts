/** Time, rates and estimates of a run, from what the chunks report. Pure apart from the clock passed in. */
import type { ChunkProgress } from '../../workloads/workload.ts';
import type { RunProgress } from './progress.ts';

/** Live rates look back this far, so that they follow a change within seconds and do not flicker. */
const RATE_WINDOW_MS = 3000;

/** The device counts as the bottleneck when it is busy this share of the time, and the program below the other. */
const GPU_BOUND_SHARE = 0.7;
const CPU_BOUND_SHARE = 0.4;
/** A run that has sampled for less says nothing about what holds it back. */
const SHORTEST_JUDGED_MS = 1000;
/** A chunk that grew to this many times what it said at first has no end that can be foreseen. */
const FORESEEN_GROWTH = 2;

interface Sample {
  readonly ms: number;
  readonly gradients: number;
  readonly items: number;
}

type Rates = Pick<
  RunProgress,
  'elapsedMs' | 'etaMs' | 'itemsPerSecond' | 'gradientsPerSecond' | 'gradients' | 'essPerSecond' | 'busyMs' | 'fraction'
> & {
  /** Share of the run's time, pauses left out, in which the device was busy; null until there is enough to judge from. */
  readonly busyShare: number | null;
};

export class RunMeter {
  readonly #now: () => number;
  /** Work of this run in items of its first pass: what was done, and what is expected in all. */
  #settledWork = 0;
  #expectedWork: number;
  /** Work of an earlier run that this one goes on with: it counts for the fraction, not for rates and the time left. */
  readonly #earlierWork: number;
  #weight = 1;
  #first = true;
  #fraction = 0;
  /** Items of the first pass that are settled: items sampled again count once. */
  #firstItems = 0;
  #startedAt: number | undefined;
  /** When sampling began; compiling before it says nothing about the time left. */
  #samplingFromMs: number | undefined;
  #pausedAt: number | undefined;
  #pausedMs = 0;
  /** Items of finished or failed chunks, and what their chunks reported at the end. */
  #settledItems = 0;
  #settledUnits = 0;
  #settledBusyMs = 0;
  #chunk: ChunkProgress | undefined;
  #chunkSize = 0;
  /** Of the chunk in flight: how much of it is done, and the steps that it said at first it would take. */
  #chunkShare = 0;
  #saidAtFirst: number | undefined;
  readonly #countsWorth: boolean;
  #worth = 0;
  #worthAtMs = 0;
  #samples: Sample[] = [];

  /** `items`: those to be sampled; `earlierWork`: items that had a result before; `countsWorth`: whether the rate of what they are worth is told. */
  constructor(items: number, now: () => number, earlierWork = 0, countsWorth = true) {
    this.#countsWorth = countsWorth;
    this.#expectedWork = items;
    this.#earlierWork = earlierWork;
    this.#now = now;
  }

  start(): void {
    this.#startedAt = this.#now();
  }
  pause(): void {
    this.#pausedAt ??= this.#now();
  }
  resume(): void {
    if (this.#pausedAt === undefined) return;
    this.#pausedMs += this.#now() - this.#pausedAt;
    this.#pausedAt = undefined;
  }

  /** Milliseconds since the start, pauses left out. */
  get elapsedMs(): number {
    if (this.#startedAt === undefined) return 0;
    return (this.#pausedAt ?? this.#now()) - this.#startedAt - this.#pausedMs;
  }

  /** Work of this run as a whole, in items of the first pass. */
  expect(work: number): void {
    this.#expectedWork = work;
  }

  /** `weight`: work of an item, in items of the first pass; `first` is false where items are sampled again. */
  beginChunk(size: number, weight = 1, first = true): void {
    this.#weight = weight;
    this.#first = first;
    this.#samplingFromMs ??= this.elapsedMs;
    this.#turnTo(size);
  }

  report(chunk: ChunkProgress): void {
    this.#chunk = chunk;
    this.#saidAtFirst ??= chunk.stepsTotal;
    // A chunk may find that it needs more steps than it said; what it has done is done all the same.
    if (chunk.stepsTotal > 0 && this.#foreseen)
      this.#chunkShare = Math.max(this.#chunkShare, chunk.steps / chunk.stepsTotal);
    this.#sample();
  }

  /** The chunk in flight was lost and starts again; what the device did counts as busy time and work, not as progress. */
  abandonChunk(): void {
    this.#settledUnits += this.#chunk?.work ?? 0;
    this.#settledBusyMs += this.#chunk?.busyMs ?? 0;
    this.#turnTo(0);
    // Rates look back over these: items that went away again would make them negative.
    this.#samples = [];
  }

  /** A chunk is over, with results or without; `worth`: what was gained, in what the kind of result counts. */
  endChunk(worth: number): void {
    this.#settledItems += this.#chunkSize;
    this.#settledWork += this.#chunkSize * this.#weight;
    if (this.#first) this.#firstItems += this.#chunkSize;
    this.#settledUnits += this.#chunk?.work ?? 0;
    this.#settledBusyMs += this.#chunk?.busyMs ?? 0;
    this.#turnTo(0);
    this.#worth += worth;
    this.#worthAtMs = this.elapsedMs;
    this.#sample();
  }

  /** Live rates over the last seconds, or, once `over`, over the whole run from its first chunk on (compiling left out). */
  read(over: boolean): Rates {
    const elapsedMs = this.elapsedMs;
    const now = this.#current(elapsedMs);
    const samplingFromMs = this.#samplingFromMs ?? elapsedMs;
    const from = over ? { ms: samplingFromMs, gradients: 0, items: 0 } : (this.#samples[0] ?? now);
    const last = over
      ? { ...now, items: this.#firstItems + (this.#first ? now.items - this.#settledItems : 0) }
      : (this.#samples.at(-1) ?? now);
    const seconds = (last.ms - from.ms) / 1000;
    const rate = (count: number) => (seconds > 0 ? count / seconds : 0);
    const work = this.#settledWork + (now.items - this.#settledItems) * this.#weight;
    const share = this.#expectedWork > 0 ? Math.min(1, work / this.#expectedWork) : 1;
    const allWork = this.#earlierWork + this.#expectedWork;
    // More work may turn up when a chunk ends; what was shown never goes back.
    this.#fraction = Math.max(this.#fraction, allWork > 0 ? Math.min(1, (this.#earlierWork + work) / allWork) : 1);
    const samplingMs = elapsedMs - samplingFromMs;
    const busyMs = this.#settledBusyMs + (this.#chunk?.busyMs ?? 0);
    return {
      elapsedMs,
      fraction: this.#fraction,
      etaMs: over ? 0 : share > 0.002 && this.#foreseen ? (samplingMs * (1 - share)) / share : null,
      itemsPerSecond: rate(last.items - from.items),
      gradientsPerSecond: rate(last.gradients - from.gradients),
      gradients: now.gradients,
      essPerSecond:
        this.#countsWorth && this.#worthAtMs > samplingFromMs
          ? (1000 * this.#worth) / (this.#worthAtMs - samplingFromMs)
          : null,
      busyMs,
      busyShare: samplingMs >= SHORTEST_JUDGED_MS ? busyMs / elapsedMs : null,
    };
  }

  /** "gpu" when the device was busy most of the time, "cpu" when it mostly waited for us, "unknown" between. */
  static bound(busyShare: number | null): 'gpu' | 'cpu' | 'unknown' {
    if (busyShare === null) return 'unknown';
    if (busyShare >= GPU_BOUND_SHARE) return 'gpu';
    return busyShare < CPU_BOUND_SHARE ? 'cpu' : 'unknown';
  }

  /** A chunk of that many items begins; 0 for none. */
  #turnTo(size: number): void {
    this.#chunkSize = size;
    this.#chunk = undefined;
    this.#chunkShare = 0;
    this.#saidAtFirst = undefined;
  }

  /** False once the chunk in flight has grown beyond what says anything about its end. */
  get #foreseen(): boolean {
    const { stepsTotal = 0 } = this.#chunk ?? {};
    return stepsTotal <= FORESEEN_GROWTH * (this.#saidAtFirst ?? stepsTotal);
  }

  #current(ms: number): Sample {
    return {
      ms,
      gradients: this.#settledUnits + (this.#chunk?.work ?? 0),
      items: this.#settledItems + this.#chunkShare * this.#chunkSize,
    };
  }

  #sample(): void {
    const ms = this.elapsedMs;
    this.#samples.push(this.#current(ms));
    while (this.#samples.length > 2 && this.#samples[1].ms < ms - RATE_WINDOW_MS) this.#samples.shift();
  }
}
