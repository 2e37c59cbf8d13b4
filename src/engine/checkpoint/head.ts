/** The first file of a checkpoint: which run it belongs to, and what must be the same for its results to be repeated bit by bit. */

import { canonicalJson } from '../../bundle/json.ts';
import type { OwnFile } from '../../bundle/own-file.ts';
import { sha256Of } from '../../bundle/sha256.ts';
import type { CpuArithmetic, KernelShape, Problem } from '../../workloads/workload.ts';
import { ownFiles } from '../config/own-files.ts';
import { toJson } from '../config/run-config.ts';
import { runTitle } from '../config/run-title.ts';
import { type RunPlan, shapeRecord } from '../plan/plan-run.ts';
import { cpuPathOf } from '../run/cpu-path.ts';
import { shadersOf } from '../run/stage-shaders.ts';
import type { RunMode } from '../run-mode.ts';
import { runtimeRecord } from '../runtime.ts';
import { appVersion } from '../version.ts';
import { DamagedError, openFrame, sealFrame } from './frame.ts';

/** Where the arithmetic was done, as far as it can be told before a run is planned. */
export interface Place {
  /** This program's version. */
  readonly version: string;
  /** Browser, Node or Deno with its version: each brings a shader compiler and a `Math` of its own. */
  readonly runtime: string;
  readonly mode: RunMode;
  /** Name of the adapter; null on the CPU. */
  readonly adapter: string | null;
}

/** A file that the run's results hang on. */
export interface HeadFile extends OwnFile {
  /** Absolute path, on the command line. */
  readonly path?: string;
}

export interface CheckpointHead {
  readonly kind: 'head';
  /** Text of run.json without what a run notes about itself. */
  readonly config: string;
  /** Experiment, preset and seed in words. */
  readonly title: string;
  /** What the experiment calls its items. */
  readonly itemName: { readonly one: string; readonly many: string };
  readonly items: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly place: Place;
  /** What computes on the CPU; absent on an adapter. */
  readonly cpu?: CpuArithmetic;
  readonly shape: KernelShape['record'];
  /** Hash of the kernels' text and the names of their files. */
  readonly shaders: string;
  /** The user's files, by role. */
  readonly inputs: Readonly<Partial<Record<string, HeadFile>>>;
  /** What the experiment fetched for itself; absent for experiments that fetch nothing. */
  readonly loaded?: HeadFile;
  /** On the command line: where it computes, as `--backend` says it. */
  readonly backend?: string;
}

/** What only the command line has to remember. */
export interface CommandLine {
  /** Where it computes, as `--backend` says it. */
  readonly backend: string;
  /** Absolute paths of the user's files, by role. */
  readonly paths: Readonly<Record<string, string | undefined>>;
}

export function placeOf(mode: RunMode, adapter: string | null): Place {
  const { name, version } = runtimeRecord();
  return { version: appVersion, runtime: `${name} ${version}`, mode, adapter };
}

/** @param adapter name of the adapter; null on the CPU */
export async function headOf(
  plan: RunPlan,
  problem: Problem,
  adapter: string | null,
  startedAt: Date,
  commandLine?: CommandLine,
): Promise<CheckpointHead> {
  const { workload, config, inputs, mode } = plan;
  const shaders = mode === 'webgpu' ? await shadersOf(plan, problem) : {};
  const files = Object.entries(ownFiles(workload, inputs.files));
  return {
    kind: 'head',
    config: toJson(config),
    title: runTitle(plan),
    itemName: workload.itemName,
    items: plan.items,
    startedAt: startedAt.toISOString(),
    place: placeOf(mode, adapter),
    ...(mode === 'cpu' && { cpu: (await cpuPathOf(workload)).arithmetic }),
    shape: shapeRecord(plan),
    shaders: sha256Of(new TextEncoder().encode(canonicalJson(shaders))),
    inputs: Object.fromEntries(files.map(([role, file]) => [role, { ...file!, path: commandLine?.paths[role] }])),
    loaded: inputs.loaded && { name: inputs.loaded.name, sha256: inputs.loaded.sha256 },
    backend: commandLine?.backend,
  };
}

export function encodeHead(head: CheckpointHead): Promise<Uint8Array[]> {
  return sealFrame(head);
}

/** @throws DamagedError */
export function decodeHead(bytes: Uint8Array<ArrayBuffer>): CheckpointHead {
  return checkpointHead(openFrame(bytes).header);
}

/** @throws DamagedError for the header of another file. */
export function checkpointHead(header: unknown): CheckpointHead {
  if ((header as CheckpointHead | null)?.kind === 'head') return header as CheckpointHead;
  throw new DamagedError('it holds no configuration');
}
