import type { LoadedFile } from '../workload.ts';
import type { VelocityModel } from './model.ts';
import type { FlowTask } from './tasks/task.ts';
import type { Provenance } from './weights/network-file.ts';

/** A network's file and its task. */
export interface LoadedNetwork extends LoadedFile {
  readonly task: FlowTask;
  readonly model: VelocityModel;
  readonly provenance: Provenance;
}
