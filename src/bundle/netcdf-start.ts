/**
 * How threads for netCDF and other HDF5 files are started: hosts say it, `netcdf-thread` asks. It stands alone, so that a host that says it does not
 * load the HDF5 library's readers before there is such a file.
 */
import type { CountOptions, CountTable } from './anndata/types.ts';
import type { DatasetArray, DatasetLayout } from './dataset-netcdf.ts';
import type { FileChoices } from './own-file.ts';
import type { ReadPosterior } from './read-netcdf.ts';

/** What is asked of the thread: one question at a time. */
export interface NetcdfQuestion {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Arrays to read; without them and without `counts` it is a posterior. */
  readonly layouts?: readonly DatasetLayout[];
  /** A table of counts, with what the user chose about it. */
  readonly counts?: Partial<CountOptions>;
}

export type NetcdfAnswer =
  /** The library is loaded, reading begins; `slowness` is how many times as long as on a quiet machine a fixed piece of work just took, at least 1. */
  | { readonly type: 'begun'; readonly slowness: number }
  | { readonly type: 'read'; readonly value: ReadPosterior | DatasetArray[] | CountTable }
  | {
      readonly type: 'refused';
      readonly file: string;
      readonly what: string;
      readonly advice: string;
      readonly choices?: FileChoices;
      /** The file broke the library: what that does next is not to be trusted. */
      readonly broke: boolean;
    }
  | { readonly type: 'failed'; readonly message: string };

/** A thread that calls `answerNetcdf` for each question. */
export interface NetcdfThread {
  ask(question: NetcdfQuestion): void;
  /** Ends it, whatever it does. */
  end(): void;
}

/** Starts a thread. What it says goes to `answered`; `broken` is called where it cannot be loaded or ends by itself. */
export type StartNetcdfThread = (
  answered: (answer: NetcdfAnswer) => void,
  broken: (message: string) => void,
) => NetcdfThread;

let start: StartNetcdfThread | undefined;

/** Says how threads are started; undefined reads files where the caller is. */
export function setNetcdfThreads(how: StartNetcdfThread | undefined): void {
  start = how;
}

export const startOfNetcdfThreads = (): StartNetcdfThread | undefined => start;
