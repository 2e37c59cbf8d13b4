/** Jobs of the experiments, and those that any experiment has: made when they are first asked for, started as their kind may use the device. */
import { type LazyRegistry, loadWorkload } from '../engine/config/load-workload.ts';
import type { Workload } from '../workloads/workload.ts';
import type { DeviceOwner } from './device-owner.ts';
import type { DeviceUse } from './device-use.ts';
import { JobStoppedError, NotNowError } from './errors.ts';
import type { FileOwner } from './file-owner.ts';
import type { Job, JobKind, JobRegistry, JobSetting } from './jobs.ts';
import type { Event } from './protocol.ts';
import { sharedJobs } from './shared-jobs.ts';

export interface JobOwnerOptions {
  readonly registry: LazyRegistry;
  readonly jobs: JobRegistry;
  readonly devices: DeviceOwner;
  readonly files: FileOwner;
  readonly use: DeviceUse;
  readonly post: (event: Event) => void;
}

interface Slot {
  readonly kind: JobKind;
  /** Its only job; what could not be loaded is asked for again. */
  job(): Promise<Job>;
  /** What ends those that have been asked for and have not ended. */
  readonly underWay: Set<AbortController>;
}

export class JobOwner {
  readonly #options: JobOwnerOptions;
  readonly #slots = new Map<string, Slot>();

  constructor(options: JobOwnerOptions) {
    this.#options = options;
  }

  async start(experiment: string, name: string, wish: unknown): Promise<unknown> {
    const { use } = this.#options;
    const { kind, job, underWay } = this.#slot(experiment, name);
    const { asks, device } = kind;
    const abort = new AbortController();
    const begin = async () => (await job()).start(wish, abort.signal);
    const begins = () => {
      if (device === 'none') return begin();
      return device === 'yields' ? use.lend(abort, asks, begin) : use.hold(device, asks, begin);
    };
    underWay.add(abort);
    const begun = begins();
    const over = () => underWay.delete(abort);
    begun.then(({ ended }) => ended).then(over, over);
    return (await begun).reply;
  }

  async tell(experiment: string, name: string, what: string, args: readonly unknown[]): Promise<unknown> {
    const { kind, job, underWay } = this.#slot(experiment, name);
    if (what === 'stop') {
      for (const abort of underWay) abort.abort(kind.stopped?.() ?? new JobStoppedError());
      return undefined;
    }
    const messages = (await job()).messages as Record<string, (...args: readonly unknown[]) => unknown> | undefined;
    if (!messages?.[what]) throw new Error(`The job ${name} of ${experiment} cannot be told "${what}".`);
    return messages[what](...args);
  }

  #slot(experiment: string, name: string): Slot {
    const key = `${experiment}/${name}`;
    const known = this.#slots.get(key);
    if (known) return known;
    const kind = this.#options.jobs[experiment]?.[name] ?? sharedJobs[name];
    if (!kind) throw new Error(`The experiment ${experiment} has no job "${name}".`);
    let loading: Promise<Job> | undefined;
    const load = async () => {
      const [make, workload] = await Promise.all([kind.load(), loadWorkload(experiment, this.#options.registry)]);
      return make(this.#setting(workload, name));
    };
    const job = () => {
      loading ??= load().catch((thrown) => {
        loading = undefined;
        throw thrown;
      });
      return loading;
    };
    const slot = { kind, job, underWay: new Set<AbortController>() };
    this.#slots.set(key, slot);
    return slot;
  }

  #setting(workload: Workload, name: string): JobSetting {
    const { devices, files, post } = this.#options;
    const experiment = workload.id;
    const gpu: JobSetting['gpu'] = async (precision) =>
      (await devices.passed({ workload: experiment, precision }))?.gpu ?? null;
    return {
      registry: [workload],
      get inputs() {
        return files.inputs(experiment);
      },
      gpu,
      async requireGpu(precision, { message, todo }) {
        const found = await gpu(precision);
        if (found) return found;
        const { reason } = (await devices.opened()).reply;
        throw new NotNowError(`${message} ${reason ?? ''}`.trim(), todo);
      },
      post: (event) => post({ type: 'job', experiment, name, event }),
      warn: (message) => post({ type: 'log', level: 'warning', message }),
      takeFile: (role, file, given) => files.load(workload, role, file, given),
    };
  }
}
