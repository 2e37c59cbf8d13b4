/**
 * The worker's side of the protocol: gives each call to whoever owns what it is about, and answers. Knows nothing of how messages
 * travel, so that tests drive it through a plain function. What runs, reads files and writes bundles loads when it is first needed: it
 * would weigh on every visit.
 */

import { type LazyRegistry, loadWorkload } from '../engine/config/load-workload.ts';
import { describeError } from '../engine/errors.ts';
import { GpuContext } from '../gpu/context.ts';
import { lazyWorkloads } from '../workloads/computed.ts';
import { jobs as jobsOfExperiments } from '../workloads/jobs.ts';
import { filesOfPage, setShippedFiles } from '../workloads/shipped-files.ts';
import type { BundleOwner } from './bundle-owner.ts';
import { DeviceOwner } from './device-owner.ts';
import { DeviceUse } from './device-use.ts';
import type { EngineApi } from './engine-api.ts';
import { FileOwner } from './file-owner.ts';
import { JobOwner } from './job-owner.ts';
import type { JobRegistry } from './jobs.ts';
import { isNotLoaded, NotLoadedError } from './not-loaded.ts';
import { Planner } from './planner.ts';
import type { Call, Event, Message } from './protocol.ts';
import { RunOwner } from './run-owner.ts';

/** What the experiments bring, and how a device is opened: the project's own unless a test brings others. */
export interface HostSetting {
  readonly registry?: LazyRegistry;
  readonly jobs?: JobRegistry;
  readonly openGpu?: (gpu?: GPU) => Promise<GpuContext>;
}

export class EngineHost {
  readonly #send: (message: Message) => void;
  readonly #engine: EngineApi;

  constructor(send: (message: Message) => void, setting: HostSetting = {}) {
    this.#send = send;
    this.#engine = engineOf((event) => send({ type: 'event', event }), setting);
  }

  /** Takes up one call of the page. Never throws: what goes wrong is answered. */
  receive({ id, method, args }: Call): void {
    const act = async () => (this.#engine[method] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
    act().then(
      (value) => this.#send({ type: 'reply', id, value }),
      (thrown) =>
        this.#send({
          type: 'refusal',
          id,
          error: describeError(isNotLoaded(thrown) ? new NotLoadedError('engine') : thrown),
        }),
    );
  }
}

function engineOf(
  post: (event: Event) => void,
  { registry = lazyWorkloads, jobs = jobsOfExperiments, openGpu = (gpu) => GpuContext.open({ gpu }) }: HostSetting,
): EngineApi {
  const use = new DeviceUse();
  const files = new FileOwner((progress) => post({ type: 'folderProgress', ...progress }));
  const devices = new DeviceOwner({ registry, post, openGpu, busy: () => use.busy });
  const planner = new Planner(registry, devices, files);
  const runs = new RunOwner({ registry, devices, files, planner, use, post });
  const jobOwner = new JobOwner({ registry, jobs, devices, files, use, post });
  /** Once it has been asked for. */
  let loaded: BundleOwner | undefined;
  const bundles = async () => {
    const { BundleOwner } = await import('./bundle-owner.ts');
    loaded ??= new BundleOwner(registry, use, post);
    return loaded;
  };
  return {
    async init({ cpu, base } = {}) {
      if (base) setShippedFiles(filesOfPage(base));
      use.refuse('change the device');
      return devices.init(cpu);
    },
    async faults(plan) {
      use.refuse('change the device');
      return devices.setFaults(plan);
    },
    prepare: () => runs.prepare(),
    plan: (config, chunk) => planner.reply(config, chunk),
    memory: (config) => planner.memory(config),
    forgetTuning: async (key) => (await import('./tuning/job.ts')).forgetTuning(key),

    run: (config, options) => runs.start(config, options?.paused === true),
    extendRun: (config, { kept, bundle } = {}) =>
      runs.extend(config, async () => {
        if (kept !== undefined) return (await import('./history/read.ts')).keptAsEarlier(kept, registry);
        return bundle === undefined ? runs.earlier() : (await bundles()).earlier(bundle);
      }),
    pause: async () => use.run?.pause(),
    resume: async () => use.run?.resume(),
    step: async () => use.run?.step(),
    stop: async () => use.stop(),
    watch: async (what) => use.run?.watch(what),
    item: (index) => runs.item(index),

    job: (experiment, name, wish) => jobOwner.start(experiment, name, wish),
    tellJob: (experiment, name, what, args = []) => jobOwner.tell(experiment, name, what, args),

    export: async ({ adapterDetails, quality }) => (await bundles()).export(adapterDetails, quality),
    cancelExport: async () => loaded?.cancelExport(),
    openBundle: async (name, file) => (await bundles()).open(name, file),
    cancelOpen: async () => loaded?.cancelOpen(),
    bundleItem: async (resultId, index) => (await bundles()).item(resultId, index),

    loadFile: async (workload, ...file) => files.load(await loadWorkload(workload, registry), ...file),
    cancelFolder: async () => files.cancel(),
    chooseFor: async (workload, role, options) => files.choose(await loadWorkload(workload, registry), role, options),
    clearFile: async (workload, role) => files.clear(workload, role),

    history: async (remove) => (await import('./history/write.ts')).removed(remove),
    openRun: async (run) => (await import('./history/read.ts')).openKeptRun(run),
    keptItem: async (run, index) => (await import('./history/read.ts')).readKeptItem(run, index, registry),
    resumable: (discard) => runs.resumable(discard),
    resumeRun: (run) => runs.resume(run),
    keepUnfinished: async (run) => (await import('./checkpoint/keep.ts')).keepUnfinished(run, registry),
  };
}
