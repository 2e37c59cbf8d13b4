import type { OwnFiles } from '../bundle/own-file.ts';
import type { EarlierRun } from '../engine/run/extension.ts';
import type { RunMode } from '../engine/run-mode.ts';
import type { BufferPlan } from '../gpu/plan.ts';
import type { ItemInfo } from '../results/item.ts';
import type { CpuArithmetic, KernelShape, Problem } from '../workloads/workload.ts';

/** Answer to `run`, before the first chunk starts: what will run. */
export interface RunReply {
  readonly mode: RunMode;
  /** What computes on the CPU; absent on an adapter, and in runs that an earlier version kept. */
  readonly cpu?: CpuArithmetic;
  /** Where it computes, and what it loaded that ships: what a run that adds to it must share; absent in runs that an earlier version kept. */
  readonly place?: EarlierRun['place'];
  readonly loaded?: { readonly name: string; readonly sha256: string };
  /** Files of the user's that it takes; absent in runs that an earlier version kept. */
  readonly ownFiles?: OwnFiles;
  readonly items: readonly ItemInfo[];
  readonly parameters: Problem['parameters'];
  readonly notes: readonly string[];
  /** What must be known before the results are believed; absent in runs that an earlier version kept. */
  readonly warnings?: readonly string[];
  readonly chunk: number;
  readonly chunks: number;
  readonly plan: BufferPlan;
  readonly shape: KernelShape['record'];
  /** The WGSL that runs, by file name. */
  readonly shaders: Readonly<Record<string, string>>;
}
