/**
 * What the hosts (engine, worker, command line) know of a kind of result. An experiment names its kind; how an item is judged, kept and
 * written is the kind's own.
 */
import type { VerifiedBundle } from '../bundle/read-bundle.ts';
import type { AnyFile } from '../bundle/types.ts';
import type { Fields } from '../bundle/untrusted-json.ts';
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
}

/** An item as checkpoint and history keep it: its arrays, and the rest of it as JSON. */
export interface StoredResult {
  readonly info: ItemInfo;
  readonly about: unknown;
  readonly arrays: readonly ItemArray[];
}

/** A file that is not made yet. */
export interface FileEntry {
  readonly path: string;
  make(): AnyFile | Promise<AnyFile>;
}

/** What the files of a run are made of. */
export interface FinishedRun<I extends ItemResult = ItemResult, S extends ResultSummary = ResultSummary> {
  readonly title: string;
  readonly appVersion: string;
  readonly preset: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The data are the user's. */
  readonly ownData: boolean;
  /** What is inferred, with units. */
  readonly parameters: readonly { readonly name: string; readonly unit: string }[];
  /** Finished items and their summaries, in the order of the run's list. */
  readonly items: readonly I[];
  readonly summaries: readonly S[];
  /** What computed: "f32", … */
  readonly precision: string;
  /** Bytes of a piece of a streamed file. */
  readonly pieceBytes: number;
}

/** The files of a kind. Apart from the rest, because they bring writers and readers that no first visit needs. */
export interface ResultFiles<I extends ItemResult = ItemResult, S extends ResultSummary = ResultSummary> {
  /** Of one finished item, below a folder of its `runId`. */
  itemFiles(run: FinishedRun<I, S>, item: I, summary: S): FileEntry[];
  /** Over all items, with `items.json`, from which `readItem` is given each entry. */
  runFiles(run: FinishedRun<I, S>): FileEntry[];
  /** An item back from a bundle. @param fields its entry of items.json. @throws FileError */
  readItem(bundle: VerifiedBundle, file: string, fields: Fields): Promise<I>;
}

export interface ResultKind<I extends ItemResult = ItemResult, S extends ResultSummary = ResultSummary> {
  readonly id: string;
  /** @param attempts how often the item was computed */
  summarize(item: I, attempts: number): S;
  /** Of two results of an item the one that is worth more is kept, and rates count it; of posteriors, effective draws. */
  worth(summary: S): number;
  stored(item: I): StoredResult;
  restored(stored: StoredResult): I;
  /** How many passed, in a sentence with the thresholds. */
  verdict(summaries: readonly S[]): string;
  /** What must be known of all results together; none when all is well. */
  warnings(summaries: readonly S[]): readonly string[];
  files(): Promise<ResultFiles<I, S>>;
}
