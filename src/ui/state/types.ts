import type { FileChoices, OwnFile } from '../../bundle/own-file.ts';
import type { RunConfig } from '../../engine/config/run-config.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import type { ErrorReport, FailedItem, RunProgress } from '../../engine/run/progress.ts';
import type { SelfTestReport } from '../../engine/self-test/report.ts';
import type { TuneEvent, TuningResult } from '../../engine/tuner/types.ts';
import type { FaultPlan } from '../../gpu/faults.ts';
import type { ItemResult, ResultSummary, RunResults } from '../../results/kind.ts';
import type { RunQuality } from '../../results/posterior/quality/types.ts';
import type { ResumableRun } from '../../worker/checkpoint/types.ts';
import type { InitReply, PlanReply } from '../../worker/engine-api.ts';
import type { FileReply } from '../../worker/file-reply.ts';
import type { HistoryList } from '../../worker/history/types.ts';
import type { RunReply } from '../../worker/run-reply.ts';
import type { Replacement } from '../../workloads/file-role.ts';
import type { DataFact, Peek } from '../../workloads/workload.ts';
import type { History } from './history.ts';

/** `stopped`: results are those that had finished when Stop was pressed. */
export type Status = 'idle' | 'running' | 'paused' | 'done' | 'stopped' | 'failed';
export type TabId = 'live' | 'results' | 'history' | 'batch' | 'memory' | 'shader' | 'learn';

/** A message that stays until it is dismissed. */
export interface Notice {
  readonly id: number;
  readonly tone: 'error' | 'warning' | 'info';
  readonly message: string;
  /** Notices of one key share a place: the newest is shown, with how many there were. */
  readonly key?: string;
  readonly count?: number;
  /** Told by a run of its problem or its results: void when another begins. */
  readonly ofRun?: boolean;
  /** Told of a file that was refused: void once one of its role is taken. */
  readonly role?: string;
  /** What is still there, in words. */
  readonly kept?: string;
  /** What to do next, in words. */
  readonly todo?: string;
}

/** What befell the engine's worker outside any question. */
export interface EngineTrouble {
  /** It is no more, with all it held; else it goes on. */
  readonly gone: boolean;
  /** What happened, in words. */
  readonly message: string;
  /** A run was under way. */
  readonly running: boolean;
}

/** Adapter, and what the engine said about it; undefined until it has answered. */
export interface DeviceSlice {
  readonly engineTrouble: EngineTrouble | undefined;
  readonly device: InitReply | undefined;
  /** Faults on demand that the device has; undefined for a device as it is. */
  readonly faults: FaultPlan | undefined;
  /** How that device did in its self-test; undefined until it is over. */
  readonly selfTest: SelfTestReport | undefined;
}

export interface ConfigSlice {
  readonly config: RunConfig;
  /** What is wrong with a field, by its path, e.g. `params.noiseSigma`; text that did not parse stays in the form. */
  readonly fieldErrors: Readonly<Record<string, string>>;
  /** The user's files that the experiment on screen takes, by role. */
  readonly files: Readonly<Partial<Record<string, FileReply>>>;
  /** One of them that waits for a choice. */
  readonly fileAsked: FileAsked | undefined;
  /** One that is a folder, while it is read. */
  readonly folderReading: FolderReading | undefined;
  /** What of the user's data was confirmed: the facts, a text. */
  readonly confirmed: string | undefined;
  /** Memory of the configuration; the last good answer stays while a new one is on its way. */
  readonly plan: PlanReply | undefined;
  /** The configuration could not be planned: `plan` is of one before it. */
  readonly unplanned: boolean;
}

/** A finished run that was brought back, e.g. from the history: its items are read from there. */
export interface OpenedRun {
  /** Its id in the history, where it comes from there. */
  readonly id?: string;
  /** What it is and from where, e.g. "level0 · seed 42, from the history". */
  readonly title: string;
  /** All of one item's result, by index. */
  readonly item: (index: number) => Promise<ItemResult>;
  /** The bundle they were read from, to export it again as it is, and its result id. */
  readonly bundle?: File;
  readonly resultId?: string;
  /** What was measured of its quality, where the bundle says so. */
  readonly quality?: RunQuality;
}

export interface RunSlice {
  readonly status: Status;
  /** A run was asked for, and what it would do is still planned or asked about: what is shown is of the run before. */
  readonly starting: boolean;
  readonly run: RunReply | undefined;
  /** The configuration that `run` ran, to tell whether the form has changed since. */
  readonly ranConfig: RunConfig | undefined;
  readonly progress: RunProgress | undefined;
  /** What the run survived or did not, oldest first. */
  readonly events: readonly RunEvent[];
  readonly history: History;
  /** `part` of the item, e.g. a chain, numbered from 0. */
  readonly watched: { readonly item?: number; readonly part: number };
  readonly peek: Peek | undefined;
  /** Earlier looks at the same item, oldest first, without what is large in them. */
  readonly trail: readonly Peek[];
  /** Where the results on screen come from when no run of this visit made them. */
  readonly opened: OpenedRun | undefined;
  /** The bundle that is being verified. */
  readonly opening: { readonly name: string; readonly done: number; readonly total: number } | undefined;
  readonly exporting: { readonly done: number; readonly total: number; readonly file: string } | undefined;
  /** `summaries` as they were when the last whole export began: results that came later are in no file. */
  readonly exported: ResultsSlice['summaries'] | undefined;
}

export interface ResultsSlice {
  readonly summaries: readonly ResultSummary[];
  readonly failed: readonly FailedItem[];
  /** What all items came to together, once the run is over; undefined where their kind says nothing of it. */
  readonly together: RunResults | undefined;
  readonly selected: number | undefined;
  /** All of the selected item's result, once it has been fetched. */
  readonly selectedItem: ItemResult | undefined;
}

export interface HistorySlice {
  /** Runs kept in the browser; undefined until they have been asked for. */
  readonly kept: HistoryList | undefined;
  /** Which of them is the run that this visit made last. */
  readonly keptId: string | undefined;
  /** True from the end of a run until the history has kept it or said why it cannot. */
  readonly keeping: boolean;
  /** Runs that were cut short and can go on, the latest first. */
  readonly resumable: readonly ResumableRun[];
}

/** A tuning of this visit, under way or over. */
export interface Tuning {
  readonly state: 'tuning' | 'done' | 'cancelled' | 'failed';
  /** Batches of more items than the run has are measured, too. */
  readonly beyond: boolean;
  /** What it was started with. */
  readonly config: RunConfig;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly events: readonly TuneEvent[];
  /** Why it failed. */
  readonly error?: ErrorReport;
}

export interface TuningSlice {
  readonly tuning: Tuning | undefined;
  /** What is remembered for the configuration on screen; undefined where nothing is, or nobody has looked. */
  readonly tuned: TuningResult | undefined;
}

/** Asks whether results that are nowhere else may go. */
export interface Question {
  /** What would replace them, e.g. "A new run". */
  readonly what: string;
  readonly answer: (goOn: boolean) => void;
}

/** A file of the user's that a run took in the place of one that ships. */
export interface LackedFile extends OwnFile, Replacement {
  readonly role: string;
}

/** A file that takes a choice to be read. */
export interface FileAsked {
  readonly role: string;
  readonly file: File;
  /** Why, in words. */
  readonly message: string;
  readonly choices: FileChoices;
}

/** A folder that is being read: how many of its files are, and how far it is in bytes. */
export interface FolderReading {
  readonly role: string;
  readonly name: string;
  readonly files: number;
  readonly done: number;
  readonly total: number;
}

/** Asks whether a run may begin, and why not at once. */
export interface RunQuestion {
  readonly title: string;
  /** What it is about, for scripts: `data` gives `data-dialog`, `data-cancel`, `data-confirm`. */
  readonly about: string;
  /** What must be known, those lines first that speak against it. */
  readonly lines: readonly DataFact[];
  /** Words of the button that runs. */
  readonly yes: string;
  readonly answer: (goOn: boolean) => void;
}

export interface ViewSlice {
  readonly runQuestion: RunQuestion | undefined;
  readonly question: Question | undefined;
  readonly tab: TabId;
  /** How often the panel of faults on demand was asked for; 0 while it is not on the page. */
  readonly faultsOpen: number;
  /** Whether exports say what the graphics adapter is and can; asked for, since it can tell one machine from another. */
  readonly adapterDetails: boolean;
  readonly notices: readonly Notice[];
}

export type Store = DeviceSlice & ConfigSlice & RunSlice & ResultsSlice & HistorySlice & TuningSlice & ViewSlice;
