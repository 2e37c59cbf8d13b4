/**
 * The contract of a job: what an experiment does on the device beside runs. Its experiment lists it in `src/workloads/jobs.ts`, the page
 * starts it with `EngineApi.job` and tells it things with `EngineApi.tellJob`; all that it tells of itself are `job` events.
 */
import type { FolderPart } from '../bundle/blob-folder.ts';
import type { Registry } from '../engine/config/run-config.ts';
import type { GpuContext } from '../gpu/context.ts';
import type { Precision, RunInputs } from '../workloads/workload.ts';
import type { FileReply } from './file-reply.ts';

/** What others are told while somebody holds the device. */
export interface Holding {
  /** A sentence without its end: "A film is being made". */
  readonly words: string;
  /** What to do about it: "Stop it first." */
  readonly todo: string;
}

export interface JobKind {
  /** What is asked for, as in "cannot make a film". */
  readonly asks: string;
  /**
   * With a `Holding` it has the device to itself until it has ended: no run or other such job starts meanwhile, nor does it while one
   * goes on. One that `yields` is refused then, too, waits for others of its kind, and must end soon when somebody wants to hold the
   * device. `none` goes on beside anything.
   */
  readonly device: Holding | 'yields' | 'none';
  /** Why its signal aborts when it is told to stop; `JobStoppedError` unless given. */
  stopped?(): Error;
  /** Its code, when it is first asked for. One job of a kind is made, which may remember what came of it. */
  load(): Promise<(setting: JobSetting) => Job>;
}

/** By the id of an experiment, its jobs by name. */
export type JobRegistry = Readonly<Record<string, Readonly<Record<string, JobKind>>>>;

/** What a job says to the page and hears from it. */
export interface JobTypes {
  readonly wish: unknown;
  readonly reply: unknown;
  readonly event: unknown;
  /** Functions by name: what it can be told while it goes on and afterwards. `stop` is taken: it aborts the signal. */
  readonly messages: Readonly<Record<string, (...args: never[]) => unknown>>;
}

export interface Job<T extends JobTypes = JobTypes> {
  /** Throws what is wrong with the wish. `signal` aborts when it is to stop, and when a job that yields is to give way. */
  start(wish: T['wish'], signal: AbortSignal): Promise<Begun<T['reply']>>;
  readonly messages?: T['messages'];
}

export interface Begun<R> {
  readonly reply: R;
  /** Settles when it has ended, where that comes after the reply. */
  readonly ended?: Promise<unknown>;
}

/** What a job is given. */
export interface JobSetting {
  /** Experiments that a configuration may name: the job's own. */
  readonly registry: Registry;
  /** The user's files that are loaded now. */
  readonly inputs: RunInputs;
  /**
   * The open device, once it has passed its self-test for the experiment in this precision; another in the place of a lost one; null where
   * there is none. Throws `SelfTestError`, `DeviceLostError`.
   */
  gpu(precision: Precision): Promise<GpuContext | null>;
  /** As `gpu`; throws `NotNowError` with these words where there is none. */
  requireGpu(precision: Precision, without: { readonly message: string; readonly todo: string }): Promise<GpuContext>;
  /** Tells the page. */
  post(event: unknown): void;
  /** Told to whoever watches, whatever they show of the job. */
  warn(message: string): void;
  /** Runs take these bytes, or the files of a folder, from now on, as if the user had loaded them. */
  takeFile(role: string, name: string, given: ArrayBuffer | readonly FolderPart[]): Promise<FileReply>;
}
