/**
 * netCDF and other HDF5 files that somebody gave, read in a thread of their own: damage can send the HDF5 library into a loop that only ending its
 * thread ends. The host says how such a thread is started (`setNetcdfThreads`); where none did, files are read where the caller is.
 */
import type { CountOptions, CountTable } from './anndata/types.ts';
import { type DatasetArray, type DatasetLayout, readDatasetNetcdf } from './dataset-netcdf.ts';
import { FileError } from './file-error.ts';
import { loadHdf5 } from './hdf5.ts';
import {
  type NetcdfAnswer,
  type NetcdfQuestion,
  type NetcdfThread,
  type StartNetcdfThread,
  startOfNetcdfThreads,
} from './netcdf-start.ts';
import { type ReadPosterior, readPosteriorNetcdf } from './read-netcdf.ts';
import { BundleError } from './types.ts';

/** A file may take this long on a quiet machine, and a second more for each `BYTES_A_SECOND`; whole ones take a hundredth of it. */
const LIMIT_MS = 1500;
const BYTES_A_SECOND = 4 * 1024 ** 2;
/** Work that takes a quiet machine about `PACE_MS`: what a busy one needs for it stretches the limit, so that a whole file is not called damaged there. */
const PACE_ROUNDS = 6_000_000;
const PACE_MS = 15;
/** A thread's pace is taken anew after so long. */
const PACE_AGE_MS = 1000;
/** A thread without work for this long is ended, and its memory with it. */
const IDLE_MS = 5000;

/** What started `thread`. */
let startedBy: StartNetcdfThread | undefined;
let thread: NetcdfThread | undefined;
let idle: ReturnType<typeof setTimeout> | undefined;
let hear: (answer: NetcdfAnswer | { readonly type: 'broken'; readonly message: string }) => void = () => {};
/** The question in hand and those that wait. */
let queue: Promise<unknown> = Promise.resolve();

/** `readPosteriorNetcdf` for files that somebody gave. @throws FileError also for a file that is not read within its time */
export function readGivenPosterior(bytes: Uint8Array, name: string): Promise<ReadPosterior> {
  return startOfNetcdfThreads()
    ? (inTurn({ name, bytes }) as Promise<ReadPosterior>)
    : readPosteriorNetcdf(bytes, name);
}

/** `readDatasetNetcdf` for files that somebody gave. @throws FileError also for a file that is not read within its time */
export function readGivenDataset(
  name: string,
  bytes: Uint8Array,
  layouts: readonly DatasetLayout[],
): Promise<DatasetArray[]> {
  return startOfNetcdfThreads()
    ? (inTurn({ name, bytes, layouts }) as Promise<DatasetArray[]>)
    : readDatasetNetcdf(name, bytes, layouts);
}

/** `readHdf5Counts` for files that somebody gave. @throws FileError also for a file that is not read within its time */
export function readGivenCounts(
  name: string,
  bytes: Uint8Array,
  counts: Partial<CountOptions> = {},
): Promise<CountTable> {
  return startOfNetcdfThreads()
    ? (inTurn({ name, bytes, counts }) as Promise<CountTable>)
    : countsHere(name, bytes, counts);
}

/** The thread's side: answers a question. Never throws. */
export async function answerNetcdf(question: NetcdfQuestion, answer: (answer: NetcdfAnswer) => void): Promise<void> {
  try {
    await loadHdf5();
    answer({ type: 'begun', slowness: slowness() });
    answer({ type: 'read', value: await answerTo(question) });
  } catch (error) {
    if (error instanceof FileError) {
      const { file, what, advice, choices } = error;
      answer({ type: 'refused', file, what, advice, choices, broke: error.cause instanceof WebAssembly.RuntimeError });
    } else answer({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

function answerTo({
  name,
  bytes,
  layouts,
  counts,
}: NetcdfQuestion): Promise<ReadPosterior | DatasetArray[] | CountTable> {
  if (counts) return countsHere(name, bytes, counts);
  return layouts ? readDatasetNetcdf(name, bytes, layouts) : readPosteriorNetcdf(bytes, name);
}

/** Their reader is loaded with the first. */
async function countsHere(name: string, bytes: Uint8Array, counts: Partial<CountOptions>): Promise<CountTable> {
  return (await import('./anndata/read-hdf5-counts.ts')).readHdf5Counts(name, bytes, counts);
}

let pace = { slowness: 1, at: Number.NEGATIVE_INFINITY, last: 1 };

/** How many times as long as on a quiet machine work takes here and now, at least 1. */
function slowness(): number {
  const begin = performance.now();
  if (begin - pace.at > PACE_AGE_MS) {
    let x = pace.last;
    for (let i = 0; i < PACE_ROUNDS; i++) x = (Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) + i) | 0;
    const at = performance.now();
    pace = { slowness: Math.max(1, (at - begin) / PACE_MS), at, last: x };
  }
  return pace.slowness;
}

function inTurn(question: NetcdfQuestion): Promise<unknown> {
  const turn = queue.then(() => asked(question));
  queue = turn.catch(() => {});
  return turn;
}

function asked(question: NetcdfQuestion): Promise<unknown> {
  clearTimeout(idle);
  if (startedBy !== startOfNetcdfThreads()) endThread();
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
          const ms = answer.slowness * (LIMIT_MS + (1000 * question.bytes.length) / BYTES_A_SECOND);
          limit = setTimeout(() => settle(() => reject(tooLong(question.name, ms)), true), ms);
          return;
        }
        case 'read':
          return settle(() => resolve(answer.value));
        case 'refused':
          return settle(
            () => reject(new FileError(answer.file, answer.what, answer.advice, { choices: answer.choices })),
            answer.broke,
          );
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
  startedBy = startOfNetcdfThreads();
  const begun: NetcdfThread | undefined = startedBy?.(
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
