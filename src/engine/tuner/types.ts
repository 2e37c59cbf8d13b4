/** What the tuner finds out and how it tells. Plain data: it crosses threads, is remembered, and goes into `tuning.json`. */
import type { Precision } from '../../workloads/workload.ts';

export type CapName = 'budget' | 'binding' | 'buffer' | 'workgroups' | 'items';

/** Largest chunk that one limit allows. */
export interface ChunkCap {
  readonly name: CapName;
  /** The limit in words, with its value. */
  readonly limit: string;
  /** Items; `SEARCH_LIMIT` of caps.ts stands for "that many or more". */
  readonly chunk: number;
}

export interface CapsReport {
  readonly caps: readonly ChunkCap[];
  /** The cap that binds. */
  readonly binding: CapName;
  /** Largest chunk that all of them allow; 0 when not even one item fits. */
  readonly largest: number;
}

/** One attempt to take a chunk's memory and touch all of it. */
export interface ProbeTrial {
  readonly chunk: number;
  readonly bytes: number;
  readonly fitted: boolean;
  /** Milliseconds to allocate, touch and free. */
  readonly ms: number;
  /** Why, in words. */
  readonly reason: string;
}

export interface ProbeReport {
  readonly trials: readonly ProbeTrial[];
  /** Largest chunk that fitted; 0 when none did. */
  readonly largestFitted: number;
  /** True when the device refused a chunk that the caps allow. */
  readonly refused: boolean;
}

/** One chunk size, measured with real sessions of the real problem. */
export interface LadderTrial {
  readonly chunk: number;
  /** 1, 2, …: a size whose figure is in doubt is measured again. The fastest attempt counts: what disturbs only slows. */
  readonly attempt: number;
  readonly bytes: number;
  /** `cut`: the time of a trial was over before a step could be timed. */
  readonly verdict: 'measured' | 'failed' | 'cut';
  /** Why, and what the figures hold, in words. */
  readonly reason: string;
  /** Of a whole chunk; null unless measured. */
  readonly itemsPerSecond: number | null;
  /** Median or estimated milliseconds of a whole chunk; null unless measured. */
  readonly chunkMs: number | null;
  /** `whole`: chunks were run from upload to readback. `estimate`: the fit and some transitions were, the rest follows from them. */
  readonly basis: 'whole' | 'estimate' | null;
  /** Timed steps: whole chunks, or stretches of transitions. */
  readonly steps: number;
  /** Time of the slowest step over that of the fastest; null unless measured. */
  readonly spread: number | null;
  /** Milliseconds an item that readback takes, where it was measured. */
  readonly readbackMsPerItem: number | null;
  /** Milliseconds of the whole trial, opening and warm-up included. */
  readonly tookMs: number;
}

/** One item at a time, each with a session of its own: what batching is compared with. */
export interface SerialTrial {
  readonly items: number;
  readonly bytes: number;
  /** Median milliseconds of an item: open, run, read back, close. A chunk of one does the same but for opening and closing. */
  readonly msPerItem: number;
  /** Time of the slowest item over that of the fastest. */
  readonly spread: number;
  /** Milliseconds that the fit and the first transition took longer when the kernels ran first: a new process pays them once. */
  readonly firstUseMs: number;
  readonly tookMs: number;
}

/** A real run of a chunk size, readback and export included. */
export interface VerifyTrial {
  readonly chunk: number;
  readonly bytes: number;
  readonly passed: boolean;
  /** Items that ran, and how often they did. */
  readonly items: number;
  readonly runs: number;
  /** Median, as a run reports it (posteriors sampled again included, compiling and export left out); null when it failed. */
  readonly itemsPerSecond: number | null;
  /** Median of the first pass alone, from upload to readback: the very work that the ladder times. Null when it failed. */
  readonly firstPassItemsPerSecond: number | null;
  /** Milliseconds to build every file of the bundle. */
  readonly exportMs: number | null;
  readonly reason: string;
  readonly tookMs: number;
}

export interface Choice {
  /** The fastest chunk measured, and the items/s of the whole run with it, a shorter last chunk included. */
  readonly best: number;
  readonly bestItemsPerSecond: number;
  /** Smallest chunk within 5 % of the fastest. */
  readonly knee: number;
  readonly kneeItemsPerSecond: number;
  /** The largest that fitted; where the device refused a larger one 0.9 of it, at least 1. */
  readonly largestSafe: number;
  /** The knee, unless the device refused more memory and the knee lies above the largest safe chunk. */
  readonly recommended: number;
}

/** A batch of more items than the run has. */
export interface BeyondTrial extends LadderTrial {
  /** Where they came from: simulated like the run's own, which were not enough, or the run's own again and again. */
  readonly items: 'simulated' | 'repeated';
}

/** How the speed goes on beyond the run's items: timing alone, no result was kept. */
export interface BeyondReport {
  /** Largest chunk that the caps allow, or that was asked for, and the exact bytes that it takes; both known before anything is tried. */
  readonly largest: number;
  readonly bytes: number;
  readonly trials: readonly BeyondTrial[];
  /** Why it went no further, in words. */
  readonly ended: string;
}

/** What a result holds for. Entries are remembered under the whole of it. */
export interface TuningKey {
  readonly adapter: { readonly name: string; readonly vendor: string; readonly architecture: string };
  /** Browser, Node or Deno with its version. */
  readonly runtime: string;
  readonly workload: string;
  readonly precision: Precision;
  /** What decides how much work and memory an item takes, in words: bytes, gradients, kernel shape. Not the seed. */
  readonly work: string;
  readonly items: number;
  readonly appVersion: string;
}

export interface TuningResult {
  readonly key: TuningKey;
  /** When it was measured, ISO 8601, UTC. */
  readonly date: string;
  /** True where the CPU plays the GPU: times are not a GPU's. */
  readonly software: boolean;
  readonly itemName: { readonly one: string; readonly many: string };
  readonly caps: CapsReport;
  readonly probe: ProbeReport;
  /** Absent where an item takes longer than a trial may. */
  readonly serial?: SerialTrial;
  /** In the order they were measured; `settled` of settled.ts makes one figure a size of them. */
  readonly ladder: readonly LadderTrial[];
  /** Where that was asked for. The choice does not hang on it. */
  readonly beyond?: BeyondReport;
  /** What shows that something else used the machine, a sentence each; empty where measurements agree. */
  readonly disturbances: readonly string[];
  /** Why the ladder went no further, in words. */
  readonly ladderEnded: string;
  readonly choice: Choice;
  /** Attempts from the recommended chunk down; the last one passed. */
  readonly verification: readonly VerifyTrial[];
  /** The chunk that passed. */
  readonly recommended: number;
  readonly recommendedBytes: number;
  /** What a run with it will do once the kernels have run: measured by the verification. See prediction.ts for a new process. */
  readonly predictedItemsPerSecond: number;
  /** The result in one sentence. */
  readonly sentence: string;
  readonly tookMs: number;
}

/** Told while it goes on; `line` is the event in words, for the log. */
export type TuneEvent = { readonly precision: Precision; readonly line: string } & (
  | { readonly type: 'caps'; readonly caps: CapsReport }
  | { readonly type: 'probe'; readonly trial: ProbeTrial }
  | { readonly type: 'serial'; readonly trial: SerialTrial }
  | { readonly type: 'ladder'; readonly trial: LadderTrial }
  | { readonly type: 'choice'; readonly choice: Choice }
  | { readonly type: 'verify'; readonly trial: VerifyTrial }
  | { readonly type: 'beyond'; readonly trial: BeyondTrial }
  /** What begins now, or what went wrong between trials. */
  | { readonly type: 'note' }
);
