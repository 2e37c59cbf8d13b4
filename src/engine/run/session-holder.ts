/** The session of a run and the device it is on: opened when needed, closed before anything else takes memory. */

import type { GpuContext } from '../../gpu/context.ts';
import type { AdapterReport } from '../../gpu/report.ts';
import type { CpuPath, Session, Workload } from '../../workloads/workload.ts';
import { NoRoomError } from '../errors.ts';
import { cpuPathOf } from './cpu-path.ts';
import type { Stage } from './stages.ts';

export class SessionHolder {
  /** The device in use; null computes on the CPU. After a loss, the lost one until another takes its place. */
  gpu: GpuContext | null;
  /** The adapter; known after the device is gone, too. */
  readonly report: AdapterReport | null;
  /** Most bytes held by a session of this run; all are taken when it opens. */
  peakBytes = 0;
  #cpu: CpuPath | undefined;
  #session: Session | undefined;

  constructor(gpu: GpuContext | null) {
    this.gpu = gpu;
    this.report = gpu?.report ?? null;
  }

  /** How it computes without a device; undefined before `prepareCpu`. */
  get cpu(): CpuPath | undefined {
    return this.#cpu;
  }

  /** Loads what computes without a device. */
  async prepareCpu(workload: Workload): Promise<CpuPath> {
    this.#cpu ??= await cpuPathOf(workload);
    return this.#cpu;
  }

  /** A session is open: what fails now fails in the chunk in flight. */
  get isOpen(): boolean {
    return this.#session !== undefined;
  }

  /** The open session, or a new one for this stage. */
  async open({ plan, problem }: Stage): Promise<Session> {
    if (this.#session) return this.#session;
    const { workload, buffers, shape, chunk, sizes, tooLarge } = plan;
    if (tooLarge !== undefined) throw new NoRoomError(tooLarge);
    if (!this.gpu) {
      this.#session = await (await this.prepareCpu(workload)).open(problem, chunk, sizes);
    } else {
      this.#session = await workload.open(this.gpu, problem, buffers, shape, sizes);
      this.peakBytes = Math.max(this.peakBytes, this.gpu.ledger.current);
    }
    return this.#session;
  }

  close(): void {
    this.#session?.close();
    this.#session = undefined;
  }
}
