import type { FlowTask } from './tasks/task.ts';
import type { NetworkInput } from './weights/network-file.ts';

/** A network's file and its task. */
export interface LoadedNetwork extends NetworkInput {
  readonly task: FlowTask;
}
