/**
 * netCDF files that somebody gave, read in a thread of their own: damage can send the HDF5 library into a loop that only ending its
 * thread ends. The host says how such a thread is started (`setNetcdfThreads`); where none did, files are read where the caller is.
 */
import { type DatasetArray, type DatasetLayout, readDatasetNetcdf } from './dataset-netcdf.ts';
import { FileError } from './file-error.ts';
import { loadHdf5 } from './hdf5.ts';
import { type ReadPosterior, readPosteriorNetcdf } from './read-netcdf.ts';
import { BundleError } from './types.ts';

/** What is asked of the thread: one question at a time. */
export interface NetcdfQuestion {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Arrays to read; absent for a posterior. */
  readonly layouts?: readonly DatasetLayout[];
}

export type NetcdfAnswer =
  /** The library is loaded, reading begins. */
  | { readonly type: 'begun' }
  | { readonly type: 'read'; readonly value: ReadPosterior | DatasetArray[] }
  | {
      readonly type: 'refused';
      readonly file: string;
      readonly what: string;
      readonly advice: string;
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

/** A file may take this long, and a second more for each `BYTES_A_SECOND`; whole ones take a hundredth of it. */
const LIMIT_MS = 1500;
const BYTES_A_SECOND = 4 * 1024 ** 2;
/** A thread without work for this long is ended, and its memory with it. */
const IDLE_MS = 5000;

let start: StartNetcdfThread | undefined;
let thread: NetcdfThread | undefined;
let idle: ReturnType<typeof setTimeout> | undefined;
let hear: (answer: NetcdfAnswer | { readonly type: 'broken'; readonly message: string }) => void = () => {};
/** The question in hand and those that wait. */
let queue: Promise<unknown> = Promise.resolve();

/** Says how threads are started; undefined reads files where the caller is. */
export function setNetcdfThreads(how: StartNetcdfThread | undefined): void {
  endThread();
  start = how;
}

/** `readPosteriorNetcdf` for files that somebody gave. @throws FileError also for a file that is not read within its time */
export function readGivenPosterior(bytes: Uint8Array, name: string): Promise<ReadPosterior> {
  return start ? (inTurn({ name, bytes }) as Promise<ReadPosterior>) : readPosteriorNetcdf(bytes, name);
}

/** `readDatasetNetcdf` for files that somebody gave. @throws FileError also for a file that is not read within its time */
export function readGivenDataset(
  name: string,
  bytes: Uint8Array,
  layouts: readonly DatasetLayout[],
): Promise<DatasetArray[]> {
  return start
    ? (inTurn({ name, bytes, layouts }) as Promise<DatasetArray[]>)
    : readDatasetNetcdf(name, bytes, layouts);
}

/** The thread's side: answers a question. Never throws. */
export async function answerNetcdf(
  { name, bytes, layouts }: NetcdfQuestion,
  answer: (answer: NetcdfAnswer) => void,
): Promise<void> {
  try {
    await loadHdf5();
    answer({ type: 'begun' });
    const value = layouts ? await readDatasetNetcdf(name, bytes, layouts) : await readPosteriorNetcdf(bytes, name);
    answer({ type: 'read', value });
  } catch (error) {
    if (error instanceof FileError) {
      const { file, what, advice } = error;
      answer({ type: 'refused', file, what, advice, broke: error.cause instanceof WebAssembly.RuntimeError });
    } else answer({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

function inTurn(question: NetcdfQuestion): Promise<unknown> {
  const turn = queue.then(() => asked(question));
  queue = turn.catch(() => {});
  return turn;
}

function asked(question: NetcdfQuestion): Promise<unknown> {
  clearTimeout(idle);
  return new Promise((resolve, reject) => {
    let limit: ReturnType<typeof setTimeout> | undefined;
    const settle = (act: () => void, end = false) => {
      clearTimeout(limit);
      if (end) endThread();
      else idle = unawaited(setTimeout(endThread, IDLE_MS));
      act();
    };
    hear = (answer) => {
      switch (answer.type) {
        case 'begun': {
          const ms = LIMIT_MS + (1000 * question.bytes.length) / BYTES_A_SECOND;
          limit = setTimeout(() => settle(() => reject(tooLong(question.name, ms)), true), ms);
          return;
        }
        case 'read':
          return settle(() => resolve(answer.value));
        case 'refused':
          return settle(() => reject(new FileError(answer.file, answer.what, answer.advice)), answer.broke);
        case 'failed':
          return settle(() => reject(new BundleError(answer.message)), true);
        case 'broken':
          return settle(() => reject(notStarted(answer.message)), true);
      }
    };
    thread ??= newThread();
    thread?.ask(question);
  });
}

/** What a thread says after it was ended is not heard. */
function newThread(): NetcdfThread | undefined {
  const begun: NetcdfThread | undefined = start?.(
    (answer) => begun === thread && hear(answer),
    (message) => begun === thread && hear({ type: 'broken', message }),
  );
  return begun;
}

function endThread(): void {
  thread?.end();
  thread = undefined;
}

function tooLong(name: string, ms: number): FileError {
  return new FileError(
    name,
    `HDF5 did not come to an end with it within ${(ms / 1000).toFixed(1)} s, as it does with damaged files`,
    'Copy or write it again.',
  );
}

function notStarted(message: string): BundleError {
  return new BundleError(
    `The reader of netCDF files could not be started (${message}); check the connection and try again.`,
  );
}

/** A timer that Node does not wait for. */
function unawaited(timer: ReturnType<typeof setTimeout>): ReturnType<typeof setTimeout> {
  (timer as { unref?: () => void }).unref?.();
  return timer;
}
