/**
 * What the hosts (engine, worker, command line) know of a kind of result. An experiment names its kind; how an item is judged, kept and
 * written is the kind's own.
 */
import type { VerifiedBundle } from '../bundle/read-bundle.ts';
import type { ResultsAbout } from '../bundle/readme.ts';
import type { FileEntry } from '../bundle/types.ts';
import type { ItemArray } from './arrays.ts';
import type { ItemInfo } from './item.ts';

/** A finished item, of any kind. Plain data, structured-cloneable. */
export interface ItemResult {
  readonly info: ItemInfo;
}

/** A finished item in short, of any kind: what hosts read of it. */
export interface ResultSummary {
  readonly info: ItemInfo;
  /** How often the item was computed: 1, and one more for each rescue. */
  readonly attempts: number;
  /** Passes the thresholds of its kind. */
  readonly converged: boolean;
  /** Each threshold missed, in words; empty when converged. */
  readonly problems: readonly string[];
  /** Why computing it again would not help, as the end of a sentence about several; absent where it might. */
  readonly notAgain?: string;
}

/** An item as checkpoint and history keep it: its arrays, and the rest of it as JSON. */
export interface StoredResult {
  readonly info: ItemInfo;
  readonly about: unknown;
  readonly arrays: readonly ItemArray[];
}

/** A column of the table of items. Those of one kind serve the page, the command line and summary.csv. */
export interface ResultColumn<S extends ResultSummary = ResultSummary> {
  /** Its name in summary.csv, unique in a table. */
  readonly key: string;
  readonly title: string;
  /** Explanation of the title. */
  readonly about?: string;
  readonly numeric?: boolean;
  /** As people read it. */
  text(summary: S): string;
  /** As summary.csv has it; its text unless given. Undefined leaves the cell empty. */
  value?(summary: S): string | number | undefined;
  /** The value is one that must not be overlooked. */
  alarming?(summary: S): boolean;
}

/** Columns by where they stand, each list in its order; the name of the item goes before all. */
export interface ResultColumns<S extends ResultSummary = ResultSummary> {
  readonly page: readonly ResultColumn<S>[];
  readonly console: readonly ResultColumn<S>[];
  /** Of summary.csv. */
  readonly csv: readonly ResultColumn<S>[];
}

/** A column of a table of the run. */
export interface RunColumn {
  /** As its file has it. */
  readonly name: string;
  /** What people read in its place; the name unless given. */
  readonly title?: string;
  readonly unit?: string;
  /** Significant digits that people are shown of a number; its file has them all. */
  readonly digits?: number;
}

/** A table that belongs to no single item. Plain data. */
export interface RunTable {
  /** A file name without its ending, unique in a run. */
  readonly name: string;
  readonly title: string;
  readonly about?: string;
  readonly columns: readonly RunColumn[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** What all items together come to. Plain data: it goes with the outcome to the page, into the history and into files. */
export interface RunResults {
  readonly tables: readonly RunTable[];
}

/** What the files of a run are made of. */
export interface FinishedRun<I extends ItemResult = ItemResult, S extends ResultSummary = ResultSummary> {
  readonly title: string;
  readonly appVersion: string;
  readonly preset: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly itemName: { readonly one: string; readonly many: string };
  /** The data are the user's. */
  readonly ownData: boolean;
  /** What is inferred, with units. */
  readonly parameters: readonly { readonly name: string; readonly unit: string }[];
  /** Finished items and their summaries, in the order of the run's list. */
  readonly items: readonly I[];
  readonly summaries: readonly S[];
  /** What they come to together, where the kind says so. */
  readonly results?: RunResults;
  /** What computed: "f32", … */
  readonly precision: string;
  /** Bytes of a piece of a streamed file. */
  readonly pieceBytes: number;
}

/** What is told of finished items. Apart from the rest, because no first visit has any. */
export interface ResultWords<S extends ResultSummary = ResultSummary> {
  /** How many passed, in a sentence with the thresholds. */
  verdict(summaries: readonly S[]): string;
  /** What must be known of all results together; none when all is well. */
  warnings(summaries: readonly S[]): readonly string[];
  /** The table of items. @param summaries at least one */
  table(summaries: readonly S[]): ResultColumns<S>;
  /** Plain text for the end of a run, below the table of items. */
  lines(summaries: readonly S[]): readonly string[];
}

/** The files of a kind. Apart from the rest, because they bring writers and readers that no first visit needs. */
export interface ResultFiles<I extends ItemResult = ItemResult, S extends ResultSummary = ResultSummary> {
  /** Of one finished item, below a folder of its `runId`. */
  itemFiles(run: FinishedRun<I, S>, item: I, summary: S): FileEntry[];
  /** Over all items, with `items.json`, from which `readItem` is given each entry. */
  runFiles(run: FinishedRun<I, S>): FileEntry[];
  /** What the README says of these files. */
  about(run: FinishedRun<I, S>): ResultsAbout;
  /** An item back from a bundle. @param entry of items.json. @throws FileError */
  readItem(bundle: VerifiedBundle, file: string, entry: unknown): Promise<I>;
}

/**
 * What an experiment says of its results where nothing computes: forms, tables and panels need no more. Each kind adds fields of its own.
 */
export interface ResultDescription {
  /** Name of the kind, e.g. `posterior`: which panels show it. */
  readonly kind: string;
  /** What an item must be to pass, as the end of "3 of 4 …", e.g. "hold all their words". */
  readonly passes?: string;
  /** Columns of the table of all items after its name and verdict, where the kind has none of its own. */
  readonly columns?: readonly ResultColumn[];
  /** Names of what items carry for the experiment's own views alone: not listed with the rest of an item. */
  readonly unlisted?: readonly string[];
}

export interface ResultKind<I extends ItemResult = ItemResult, S extends ResultSummary = ResultSummary>
  extends ResultDescription {
  /** @param attempts how often the item was computed */
  summarize(item: I, attempts: number): S;
  /** Of two results of an item the one that is worth more is kept; of posteriors, that with more effective draws. */
  worth(summary: S): number;
  /** What is worth counting by the second, e.g. "ESS"; without it no such rate is told. */
  readonly worthUnit?: string;
  stored(item: I): StoredResult;
  restored(stored: StoredResult): I;
  /** What the finished items come to together, in the order of the run's list; equal for any order in which they finished. */
  reduce?(items: readonly I[], summaries: readonly S[]): RunResults;
  words(): Promise<ResultWords<S>>;
  files(): Promise<ResultFiles<I, S>>;
}
