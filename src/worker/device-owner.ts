/** The worker's device: opened, tried before a run believes it, heard of when it is lost, and opened again. */

import { type LazyRegistry, loadWorkload } from '../engine/config/load-workload.ts';
import type { RunConfig } from '../engine/config/run-config.ts';
import { describeError } from '../engine/errors.ts';
import type { SelfTestReport } from '../engine/self-test/report.ts';
import type { GpuContext } from '../gpu/context.ts';
import { DeviceLostError, NoAdapterError } from '../gpu/errors.ts';
import type { FaultPlan } from '../gpu/faults.ts';
import { inTime } from '../gpu/in-time.ts';
import type { Workload } from '../workloads/workload.ts';
import type { InitReply } from './engine-api.ts';
import type { Event } from './protocol.ts';

/** What `init` came to. */
interface Opened {
  readonly reply: InitReply;
  readonly gpu: GpuContext | null;
}

/** What a device must have passed for. */
export type Tested = Pick<RunConfig, 'workload' | 'precision'>;

/** A device that has passed its self-test. */
export interface PassedDevice {
  readonly gpu: GpuContext;
  readonly selfTest: SelfTestReport;
}

export interface DeviceOwnerOptions {
  readonly registry: LazyRegistry;
  readonly post: (event: Event) => void;
  /** True while somebody holds the device, who hears of its loss by themselves. */
  readonly busy: () => boolean;
  readonly openGpu: (gpu?: GPU) => Promise<GpuContext>;
  /** Milliseconds that a device may take to open. */
  readonly openLimitMs?: number;
}

/** An answer of the browser that has not come by then will not come: the page goes on without. */
const OPEN_LIMIT_MS = 30_000;

export class DeviceOwner {
  readonly #options: DeviceOwnerOptions;
  #gpu: GpuContext | null = null;
  /** Faults on demand, and the entry point whose devices have them. */
  #faults: { readonly plan: FaultPlan; readonly gpu: GPU | undefined } | undefined;
  /** What is open, or being opened; undefined before the first `init` and after a loss. */
  #opened: Promise<Opened> | undefined;
  /** The device tried last, and its report. */
  #tried: { readonly gpu: GpuContext; readonly report: Promise<SelfTestReport> } | undefined;
  /** Self-tests under way: they tell of the device itself, so faults on demand wait. */
  #testing = 0;

  constructor(options: DeviceOwnerOptions) {
    this.#options = options;
  }

  /** Faults on demand. */
  get faults(): FaultPlan | undefined {
    return this.#faults?.plan;
  }

  /** Closes the device and opens another, or none: `cpu` runs without. Never rejects. */
  async init(cpu = false): Promise<InitReply> {
    // One after the other, or the first to ask could be the last to be answered, and a device would stay open unknown.
    const before = this.#opened;
    this.#opened = (before ?? Promise.resolve()).then(() => this.#open(cpu));
    return (await this.#opened).reply;
  }

  async setFaults(plan: FaultPlan): Promise<InitReply> {
    const { faultyGpu } = await import('./faults.ts');
    const some = Object.keys(plan).length > 0;
    this.#faults = some ? { plan, gpu: await faultyGpu(plan, () => this.#testing === 0) } : undefined;
    return this.init();
  }

  /** What is open now; opens it where nothing is. */
  opened(): Promise<Opened> {
    this.#opened ??= this.#open(false);
    return this.#opened;
  }

  /** Tries the device that is open, once; a `selfTest` event tells how it did. Nobody waits for it here; runs do. */
  async try(): Promise<void> {
    const opened = await this.#opened;
    if (opened?.gpu) void this.#report(opened.gpu);
  }

  /**
   * The open device, once it has passed for an experiment in a precision; undefined where there is none. One that is lost before that is opened again,
   * once. Throws `SelfTestError`, `DeviceLostError`.
   */
  async passed(tested: Tested): Promise<PassedDevice | undefined> {
    for (let losses = 0; ; losses++) {
      const { gpu } = await this.opened();
      if (!gpu) return undefined;
      try {
        return { gpu, selfTest: await this.#passedReport(gpu, tested) };
      } catch (thrown) {
        if (!(thrown instanceof DeviceLostError) || losses > 0) throw thrown;
        this.#forget(gpu);
      }
    }
  }

  /**
   * A device in the place of a lost one, the same for the run and for whoever plans meanwhile; the host closes it. Throws `NoAdapterError`
   * where there is none, and as `passed` does.
   */
  async replace(lost: GpuContext, tested: Tested): Promise<GpuContext> {
    this.#forget(lost);
    const passed = await this.passed(tested);
    if (passed) return passed.gpu;
    const { reply } = await this.opened();
    // The CPU is not what this run goes on with; the next question tries again.
    this.#opened = undefined;
    throw new NoAdapterError(reply.reason ?? 'The GPU gives no device.', 'Try again when the GPU works.');
  }

  async #open(cpu: boolean): Promise<Opened> {
    this.#gpu?.destroy();
    this.#gpu = null;
    if (cpu) return none('The CPU was asked for.');
    try {
      const gpu = await this.#openInTime();
      this.#gpu = gpu;
      this.#watchLoss(gpu);
      return { reply: { mode: 'webgpu', report: gpu.report }, gpu };
    } catch (thrown) {
      return none(describeError(thrown).message);
    }
  }

  async #openInTime(): Promise<GpuContext> {
    const { openGpu, openLimitMs = OPEN_LIMIT_MS } = this.#options;
    const opening = openGpu(this.#faults?.gpu);
    let late = false;
    // Should it open after all, nobody would use or close it.
    opening.then((gpu) => late && gpu.destroy()).catch(() => undefined);
    return inTime(opening, {
      limitMs: openLimitMs,
      late: () => {
        late = true;
        return new Error(`The browser gave no GPU device within ${openLimitMs / 1000} s.`);
      },
    });
  }

  /** The run hears of a lost device by itself and asks for another; without a run the next one opens it. */
  #watchLoss(gpu: GpuContext): void {
    gpu.lost.then((error) => {
      if (!this.#forget(gpu) || this.#options.busy()) return;
      this.#options.post({ type: 'error', error: describeError(error) });
    });
  }

  /** False where it was not the device in use. */
  #forget(gpu: GpuContext): boolean {
    if (this.#gpu !== gpu) return false;
    this.#gpu = null;
    this.#opened = undefined;
    return true;
  }

  /** Made once for each device, and told. */
  #report(gpu: GpuContext): Promise<SelfTestReport> {
    if (this.#tried?.gpu !== gpu) {
      const report = this.#test(gpu);
      this.#tried = { gpu, report };
      report.then(
        (report) => gpu === this.#gpu && this.#options.post({ type: 'selfTest', report }),
        // The device was lost or closed meanwhile, which `#watchLoss` tells, or the test could not be loaded: a run asks again.
        () => {
          if (this.#tried?.gpu === gpu) this.#tried = undefined;
        },
      );
    }
    return this.#tried!.report;
  }

  /** Of the first experiment, in f32: what most visits need. */
  async #test(gpu: GpuContext): Promise<SelfTestReport> {
    this.#testing++;
    try {
      const { selfTest } = await import('../engine/self-test/run.ts');
      return await selfTest(gpu, [await this.#load()]);
    } finally {
      this.#testing--;
    }
  }

  /** The experiment of that id, or the first. */
  #load(id?: string): Promise<Workload> {
    return loadWorkload(id, this.#options.registry);
  }

  /** Of what a run needs, which may be more than was tried. Throws `SelfTestError` where that failed. */
  async #passedReport(gpu: GpuContext, { workload, precision }: Tested): Promise<SelfTestReport> {
    const tried = await this.#report(gpu);
    const [first, wanted] = await Promise.all([this.#load(), this.#load(workload)]);
    if (wanted === first && precision === 'f32') {
      const { requirePrecision } = await import('../engine/self-test/errors.ts');
      requirePrecision(tried, precision);
      return tried;
    }
    this.#testing++;
    try {
      const { passedSelfTest } = await import('../engine/self-test/run.ts');
      const report = await passedSelfTest(gpu, [...new Set([first, wanted])], precision);
      this.#options.post({ type: 'selfTest', report });
      return report;
    } finally {
      this.#testing--;
    }
  }
}

function none(reason: string): Opened {
  return { reply: { mode: 'cpu', report: null, reason }, gpu: null };
}
