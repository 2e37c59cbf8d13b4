/** The experiments of this project with all that computes them, loaded at once, for the command line and for tests. */
import './catalog.ts';
import { lazyWorkloads } from './computed.ts';
import type { Workload } from './workload.ts';

export const workloads: readonly Workload[] = await Promise.all(lazyWorkloads.map(({ compute }) => compute()));
