/**
 * The contract of an experiment. The engine knows experiments only through it; a new one is a folder under
 * `src/workloads/`, a folder under `shaders/`, and a line in each registry.
 */
import type { BatchSizes, SizeKey } from '../batch/sizes.ts';
import type { JsonValue } from '../bundle/json.ts';
import type { OwnFiles } from '../bundle/own-file.ts';
import type { FileEntry } from '../bundle/types.ts';
import type { GpuContext } from '../gpu/context.ts';
import type { NetworkMemory } from '../gpu/network-memory.ts';
import type { BufferPlan } from '../gpu/plan.ts';
import type { Precision } from '../gpu/precision.ts';
import type { AdapterReport } from '../gpu/report.ts';
import type { ItemInfo } from '../results/item.ts';
import type { FinishedRun, ItemResult, ResultDescription, ResultKind } from '../results/kind.ts';
import type { ExactPosteriors } from '../results/posterior/exact.ts';
import type { FileRole } from './file-role.ts';
import type { ParamSpec, ParamValues } from './params.ts';

export type { Precision };

export interface Preset {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  /** Parameters that differ from the table's defaults. */
  readonly params: ParamValues;
}

/** What a run takes besides its configuration. */
export interface RunInputs {
  /** The user's files, as the experiment's roles read them. */
  readonly files?: OwnFiles;
  /** What `Workload.load` fetched. */
  readonly loaded?: LoadedFile;
  /** Faults that tests and teaching ask for; never part of a configuration. */
  readonly faults?: {
    /** A datum of this item is not a number (`Experiment.spoils`). */
    readonly spoiltItem?: number;
  };
}

/** What a file of the user's says of a parameter, e.g. its header of a unit. */
export interface StatedParam {
  /** Key of a number in the table. */
  readonly key: string;
  readonly value: number;
  /** "mine.dat (UNIT)": the file and what in it says so. */
  readonly source: string;
}

/** A file that ships with an experiment or takes its place, e.g. a table, and what the experiment made of it. */
export interface LoadedFile {
  readonly name: string;
  /** "sha256:…" of its bytes. */
  readonly sha256: string;
}

/**
 * Floating-point operations and bytes of a unit of work, for rooflines and time estimates. The unit is the experiment's own: a gradient, an
 * evaluation of a model (`Experiment.workName`).
 */
export interface WorkEstimate {
  readonly flopPerUnit: number;
  readonly bytesPerUnit: number;
  readonly unitsPerItem: number;
}

/**
 * How kernels are laid out on this adapter. Chosen once per adapter and recorded; never follows the batch size. Hosts count its workgroups,
 * keep its record and ask for equality; what the record means is the experiment's own.
 */
export interface KernelShape {
  /** What an item adds to the workgroups of the largest dispatch: a chunk of n takes ⌈n · workgroupsPerItem⌉. Below 1 where items share one. */
  readonly workgroupsPerItem: number;
  /** Plain numbers, words and switches: equal ones give equal bits. */
  readonly record: Readonly<Record<string, number | string | boolean>>;
}

/** Of what runs without a device. */
export const NO_SHAPE: KernelShape = { workgroupsPerItem: 1, record: {} };

/** Where a chunk stands. */
export interface ChunkProgress {
  readonly phase: 'fit' | 'warmup' | 'sample' | 'done';
  /** Steps finished (transitions of chains, steps of a solver), warm-up included, and their total, which may grow. */
  readonly steps: number;
  readonly stepsTotal: number;
  /** Units of work done since `start`, over all items. */
  readonly work: number;
  /** Milliseconds the device was busy since `start`, and how that was measured. */
  readonly busyMs: number;
  readonly clock: 'gpu-timestamp' | 'wall';
}

/**
 * A look at one item while it runs. What there is to see is between the session and the view that shows it, of the experiment or of its kind
 * of result (e.g. `ChainsLook`); hosts pass it on.
 */
export interface Peek<O = unknown, L = unknown> {
  readonly item: number;
  /** Step that it was taken at, as `ChunkProgress.steps` counts. */
  readonly step: number;
  /** What is small enough for the page to keep of many looks, as the item's trail. */
  readonly own?: O;
  /** What is too large for that: there is the latest look's alone. */
  readonly large?: L;
}

/** An item of a chunk that has no result although the others have, e.g. because one of its data is not a number. */
export interface ItemFailure {
  /** Index in the run. */
  readonly index: number;
  readonly error: Error;
}

/** What of an item in flight is worth keeping should the run be cut short, e.g. what has been drawn so far. */
export interface SavedItem {
  /** Index in the run. */
  readonly index: number;
  readonly state: JsonValue;
}

/** A chunk in flight. All GPU memory is taken by `open` and freed by `close`. `I`: what its items are. */
export interface Session<I extends ItemResult = ItemResult> {
  /**
   * Begins a chunk: at most `plan.chunk` global item indices.
   * @param saved of some of them what an earlier session with the same problem has saved: they go on from there, to equal results
   */
  start(items: readonly number[], saved?: readonly SavedItem[]): Promise<void>;
  /**
   * Runs for about `budgetMs`, or `maxSteps` steps if that is sooner (1 for "Step").
   * Resolves when that work has finished on the device.
   */
  advance(budgetMs: number, maxSteps?: number): Promise<ChunkProgress>;
  /**
   * Looks at one item of the chunk in flight (by global index), and at a part of it where it has several, such as chains (numbered from 0);
   * undefined while there is nothing to see.
   */
  peek(item: number, part: number): Promise<Peek | undefined>;
  /** Of the items in flight, between two `advance`s. Without it a chunk that was cut short begins anew. */
  saved?(): Promise<readonly SavedItem[]>;
  /** Results of the chunk, once `advance` has reported `done`; one entry an item, in `start`'s order, without those that failed. */
  collect(): Promise<I[]>;
  /** Items that the last `collect` left out, and why. Absent where that cannot be. */
  failures?(): readonly ItemFailure[];
  /** Frees everything. Safe to call at any time, twice too. */
  close(): void;
}

/** What numbers come from where there is no GPU. */
export interface CpuArithmetic {
  /** As runs tell and record it: "f64 twin", or a library with its version. */
  readonly name: string;
  readonly precision: 'f32' | 'f64';
}

export const TWIN_ARITHMETIC: CpuArithmetic = { name: 'f64 twin', precision: 'f64' };

/** How an experiment runs where there is no GPU. */
export interface CpuPath<P extends Problem = Problem, I extends ItemResult = ItemResult> {
  readonly arithmetic: CpuArithmetic;
  /** Why it is not the way that it should be, in a sentence for the user; absent where it is. */
  readonly warning?: string;
  open(problem: P, chunk: number, sizes: BatchSizes): Promise<Session<I>>;
}

/**
 * What a self-test says: a kernel's result held against stored values, with the error that was measured and the one that is allowed.
 * Plain data, structured-cloneable.
 */
export interface SelfTestCheck {
  /** What was tried, e.g. "Normal quantiles". */
  readonly name: string;
  readonly precision: Precision;
  /** What the figure is, e.g. "largest relative error of 512 quantiles". */
  readonly measure: string;
  /** Null where nothing could be measured; `problem` then says why. */
  readonly measured: number | null;
  readonly allowed: number;
  /** Why that much is allowed. */
  readonly reason: string;
  /** What kept the check from measuring, in words. */
  readonly problem?: string;
  readonly passed: boolean;
}

/** What an experiment adds to the files of a run. */
export interface OwnRunFiles {
  readonly entries: readonly FileEntry[];
  /** Rows of the README's table of files: path and what it holds. */
  readonly about: readonly (readonly [path: string, what: string])[];
  /** Python that shows how to read them; nothing unless given. */
  readonly python?: string;
}

/** A validated run, ready to be planned: items, observations, tables. Opaque to the engine. */
export interface Problem {
  readonly items: readonly ItemInfo[];
  /** Names of sampled parameters, with units for the axes. */
  readonly parameters: readonly { readonly name: string; readonly unit: string; readonly help: string }[];
  /** Notes that belong beside the results, e.g. the model's own error ("largest error 2.9e-4 of the peak"). */
  readonly notes: readonly string[];
  /** What must be known before the results are believed, shown above them; empty when there is nothing. */
  readonly warnings: readonly string[];
}

/** What a list shows of an experiment before anybody turns to it. */
export interface ExperimentListing {
  readonly id: string;
  readonly title: string;
  readonly blurb: string;
  /** Not in the page's list: an example, or an experiment of the tests'. */
  readonly hidden?: boolean;
}

/** An experiment of which no more is loaded than its listing. */
export interface ListedExperiment extends ExperimentListing {
  describe(): Promise<Experiment>;
}

/** An experiment of which nothing is loaded: what computes it comes when it is first wanted. */
export interface LazyWorkload {
  readonly id: string;
  compute(): Promise<Workload>;
}

/** What a form, a link and a command line need to know of an experiment: no code that computes, so it loads in an instant. */
export interface Experiment extends ExperimentListing {
  readonly itemName: { readonly one: string; readonly many: string };
  /** The batch table's entry for its chunk. */
  readonly chunkEntry: SizeKey;
  /** What it computes in; the first is the default. */
  readonly precisions: readonly Precision[];
  /** What it computes in on a CPU without a GPU, unless it cannot load what that takes; f64 (the twin) unless given. */
  readonly cpuPrecision?: CpuArithmetic['precision'];
  /** What the Step button does; "one step of every item" unless given. */
  readonly stepWords?: string;
  /** Many of what a run's speed is counted in, e.g. "gradients". */
  readonly workName: string;
  /** What one of them is, many to the second: "Evaluations of … per second"; just their name unless given. */
  readonly workAbout?: string;
  readonly params: readonly ParamSpec[];
  readonly presets: readonly Preset[];
  /** Files of the user's that it takes, in the order in which they are read: one that goes with another after that. */
  readonly files: readonly FileRole[];
  /** What its results are, as far as it takes nothing that computes: which kind, and what that kind has experiments say. */
  readonly results: ResultDescription;
  /** What makes a run of it lighter where a device does not manage, as ends of "Choose …"; in words for any experiment unless given. */
  readonly lighter?: {
    /** Needs less memory at once: "fewer draws". */
    readonly memory: string;
    /** Is over sooner: "shorter chains". */
    readonly time: string;
  };
  /** It can spoil a datum of an item on demand (`RunInputs.faults`), to show that this item alone fails; it cannot unless given. */
  readonly spoils?: {
    /** Marks the field of the panel of faults, for scripts. */
    readonly id: string;
    /** Of the field, before the number of the item. */
    readonly label: string;
  };
  /** What sets a run apart in a list of runs, e.g. its task; nothing unless given. Parameters are valid. */
  runWords?(params: ParamValues): readonly string[];
}

/** What `Workload.configure` may be told beside parameters and inputs. */
export interface ConfigureOptions {
  /** The batch table's sizes; those of the adapter's memory class, or the table's defaults, unless given. */
  readonly sizes?: BatchSizes;
  /** What a device computes in; the experiment's first precision unless given. */
  readonly precision?: Precision;
  /** How often the items were computed before (default 0): each time takes random numbers of its own. */
  readonly attempt?: number;
}

/** What a run takes for granted of the user's data, a sentence. */
export interface DataFact {
  readonly text: string;
  /** The data themselves speak against it. */
  readonly doubt?: boolean;
}

/** A configuration that was read and checked, and what follows from it. */
export interface Configured<P extends Problem = Problem> {
  /** Number of items. */
  readonly count: number;
  readonly work: WorkEstimate;
  /** Kernel shape for an adapter. */
  shape(report: AdapterReport): KernelShape;
  /** Every buffer for `chunk` items, exact bytes. Pure, cheap enough for a slider. */
  plan(chunk: number, shape: KernelShape): BufferPlan;
  /** Bytes of the binary data of an item's result, as a run holds it until it is let go. Exact. */
  readonly resultBytes: number;
  /** What the run takes for granted of the user's data, for whoever knows them to confirm; none unless given. */
  facts?(): Promise<readonly DataFact[]>;
  /** What must be known of the user's files before anything runs, as the problem's warnings will say; none unless given. */
  concerns?(): readonly string[];
  /** Absent where no network computes. */
  readonly network?: ConfiguredNetwork<P>;
  /** Makes the item list, checks what only that shows. Throws `ConfigError`. */
  prepare(seed: number): P;
}

/** What precisions of a network are compared by. */
export interface ConfiguredNetwork<P extends Problem = Problem> {
  /** What it takes with this shape. */
  memory(shape: KernelShape): NetworkMemory;
  /** Where the draw of that number of an item starts, in natural units: noise that is carried to the posterior. */
  pathStart(problem: P, item: number): Promise<(draw: number) => ArrayLike<number>>;
}

/** Part of a run that is configured on its own, e.g. one metric of several: with parameters, so buffers and kernels, of its own. */
export interface StageSpec {
  /** As progress, tables and messages name it; no two stages of a run share one. */
  readonly name: string;
  /** Parameters to configure it with. The problem that comes of them lists the items of the whole run, by the same indices. */
  readonly params: ParamValues;
  /** Indices of the items that it computes, ascending. Every item of a run belongs to exactly one stage. */
  readonly items: readonly number[];
  /**
   * The batch table's entry, of the kind `chunk`, that is halved where this stage is out of memory although one item alone is computed:
   * how much of an item is worked on at once, e.g. rows of a path. What a session saves of an item goes on with any value of it.
   */
  readonly chunkEntry?: SizeKey;
  /** How many an item has of what that entry counts, at most: larger values take no more memory. Not known unless given. */
  readonly rows?: number;
  /**
   * What to do where even that entry's minimum needs too much memory, a sentence: which statistical size or parameter to lower, and what
   * that does to the result. In words for any experiment unless given.
   */
  readonly lighter?: string;
}

/** Sampling again, harder, what failed. */
export interface Rescue {
  /**
   * Parameters of rescue 1, then 2. The same items, data and model; more draws, shorter steps. Undefined where nothing is to be sampled
   * again.
   */
  params(params: ParamValues, rescue: number): ParamValues | undefined;
  /** Why these parameters are not sampled again, as the end of a sentence ("the step size is fixed"); undefined where they are. */
  objection?(params: ParamValues): string | undefined;
}

export interface Workload<P extends Problem = Problem, I extends ItemResult = ItemResult> extends Experiment {
  /** What its results are, with what computes on them. */
  readonly results: ResultKind<I>;
  /**
   * Fetches what it needs beside its code (a file that ships). An experiment that has it is given the result as `inputs.loaded` in all other
   * calls. Throws `ConfigError` or `FileError` where there is none.
   */
  load?(params: ParamValues, inputs: RunInputs): Promise<LoadedFile>;
  /**
   * Parameters that the user's files state; none unless given. Where one differs from the configuration, hosts take it in the place of the
   * preset's value, say so, and refuse one that contradicts a value that somebody chose.
   */
  stated?(inputs: RunInputs): readonly StatedParam[];
  /**
   * What a configuration comes to: everything that depends on parameters and inputs is read, checked and derived once, here. Cheap enough
   * for a slider; may be called where there is no GPU. Throws `ConfigError`.
   */
  configure(params: ParamValues, inputs: RunInputs, options?: ConfigureOptions): Configured<P>;
  /** Stages that a run with these parameters has, in their order; without it a run is one stage of all its items. */
  stages?(params: ParamValues, inputs: RunInputs): readonly StageSpec[];
  /** How posteriors that failed are sampled again. An experiment without it has no rescue. */
  readonly rescue?: Rescue;
  /** Compiles and allocates; nothing is allocated after this. `sizes` as for `configure`. */
  open(gpu: GpuContext, problem: P, plan: BufferPlan, shape: KernelShape, sizes?: BatchSizes): Promise<Session<I>>;
  /** The f64 twin of `open`: same walk, on the CPU, slow. */
  reference(problem: P, chunk: number): Promise<Session<I>>;
  /** How it runs where there is no GPU; the twin unless given. Loads what that needs and, where it cannot, says what runs instead. */
  cpu?(): Promise<CpuPath<P, I>>;
  /**
   * The experiment's own kernels on this device against stored values; frees what it takes. Rejects where they do not compile or run.
   * An experiment without it is tried by its runs alone. Asked only in precisions that it lists.
   */
  selfTest?(gpu: GpuContext, precision: Precision): Promise<readonly SelfTestCheck[]>;
  /** The exact posteriors of its items, whose `observation` they take. An experiment without it knows none. */
  exact?(params: ParamValues): Promise<ExactPosteriors>;
  /**
   * Files of a run beside those of its kind, made when they are asked for, and what a README says of them. Equal runs must repeat their bytes,
   * unless they are among those that the result id leaves out (`bundle/manifest.ts`).
   */
  runFiles?(problem: P, run: FinishedRun<I>): Promise<OwnRunFiles>;
  /** The WGSL that ran, by file name, for the bundle and the Shader tab. */
  shaders(problem: P, shape: KernelShape, sizes?: BatchSizes): Promise<Readonly<Record<string, string>>>;
}

/** Input that cannot be run: which field, what is wrong, what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    /** Path of the field, e.g. `params.noiseSigma` or `images`. */
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/** Raised when a session is used out of order. */
export class SessionStateError extends Error {
  override readonly name = 'SessionStateError';
}
