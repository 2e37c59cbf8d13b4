/**
 * The worker's side of the protocol: gives each call to whoever owns what it is about, and answers. Knows nothing of how messages
 * travel, so that tests drive it through a plain function. What runs, reads files and writes bundles loads when it is first needed: it
 * would weigh on every visit.
 */
import { describeError } from '../engine/errors.ts';
import type { Registry, RunConfig } from '../engine/run-config.ts';
import type { TuningKey } from '../engine/tuner/types.ts';
import { GpuContext } from '../gpu/context.ts';
import type { FaultPlan } from '../gpu/faults.ts';
import { workloads } from '../workloads/index.ts';
import { jobs as ownJobs } from '../workloads/jobs.ts';
import { filesOfPage, setShippedFiles } from '../workloads/shipped-files.ts';
import type { BundleOwner } from './bundle-owner.ts';
import { DeviceOwner } from './device-owner.ts';
import { DeviceUse } from './device-use.ts';
import type { EngineApi, InitReply } from './engine-api.ts';
import { FileOwner } from './file-owner.ts';
import { JobOwner } from './job-owner.ts';
import type { JobRegistry } from './jobs.ts';
import { Planner } from './planner.ts';
import type { Call, Event, Message } from './protocol.ts';
import { RunOwner } from './run-owner.ts';

type Given<K extends keyof EngineApi> = Parameters<EngineApi[K]>;

export class EngineHost implements EngineApi {
  readonly #send: (message: Message) => void;
  readonly #post = (event: Event) => this.#send({ type: 'event', event });
  readonly #use = new DeviceUse();
  readonly #files = new FileOwner();
  readonly #devices: DeviceOwner;
  readonly #planner: Planner;
  readonly #runs: RunOwner;
  readonly #jobs: JobOwner;
  readonly #registry: Registry;
  /** Once it has been asked for. */
  #loadedBundles: Promise<BundleOwner> | undefined;

  constructor(
    send: (message: Message) => void,
    registry: Registry = workloads,
    openGpu: (gpu?: GPU) => Promise<GpuContext> = (gpu) => GpuContext.open({ gpu }),
    jobs: JobRegistry = ownJobs,
  ) {
    this.#send = send;
    const [use, files, post] = [this.#use, this.#files, this.#post];
    const devices = new DeviceOwner({ registry, post, openGpu, busy: () => use.busy });
    const planner = new Planner(registry, devices, files);
    this.#devices = devices;
    this.#planner = planner;
    this.#runs = new RunOwner({ registry, devices, files, planner, use, post });
    this.#jobs = new JobOwner({ registry, jobs, devices, files, use, post });
    this.#registry = registry;
  }

  /** Takes up one call of the page. Never throws: what goes wrong is answered. */
  receive({ id, method, args }: Call): void {
    const engine = this as unknown as Record<string, (...args: readonly unknown[]) => Promise<unknown>>;
    const act = async () => engine[method](...args);
    act().then(
      (value) => this.#send({ type: 'reply', id, value }),
      (thrown) => this.#send({ type: 'refusal', id, error: describeError(thrown) }),
    );
  }

  async init({ cpu, base }: Given<'init'>[0] = {}): Promise<InitReply> {
    if (base) setShippedFiles(filesOfPage(base));
    this.#use.refuse('change the device');
    return this.#devices.init(cpu);
  }
  async faults(plan: FaultPlan) {
    this.#use.refuse('change the device');
    return this.#devices.setFaults(plan);
  }
  async prepare() {
    await this.#runs.prepare();
  }
  async plan(config: RunConfig, chunk?: number) {
    return this.#planner.reply(config, chunk);
  }
  async memory(config: RunConfig) {
    return this.#planner.memory(config);
  }

  async tune(config: RunConfig) {
    return this.#runs.tune(config);
  }
  async cancelTune() {
    this.#runs.cancelTune();
  }
  async forgetTuning(key: TuningKey) {
    await (await import('./tuning.ts')).forgetTuning(key);
  }

  async run(config: RunConfig, { paused = false }: Given<'run'>[1] = {}) {
    return this.#runs.start(config, paused);
  }
  async pause() {
    this.#use.run?.pause();
  }
  async resume() {
    this.#use.run?.resume();
  }
  async step() {
    this.#use.run?.step();
  }
  async stop() {
    this.#use.stop();
  }
  async watch(what: Given<'watch'>[0]) {
    this.#use.run?.watch(what);
  }
  async item(index: number) {
    return this.#runs.item(index);
  }

  async job(...[experiment, name, wish]: Given<'job'>) {
    return this.#jobs.start(experiment, name, wish);
  }
  async tellJob(...[experiment, name, what, args = []]: Given<'tellJob'>) {
    return this.#jobs.tell(experiment, name, what, args);
  }

  async export({ adapterDetails, quality }: Given<'export'>[0]) {
    return (await this.#bundles()).export(adapterDetails, quality);
  }
  async cancelExport() {
    (await this.#loadedBundles)?.cancelExport();
  }
  async openBundle(name: string, file: Blob) {
    return (await this.#bundles()).open(name, file);
  }
  async cancelOpen() {
    (await this.#loadedBundles)?.cancelOpen();
  }
  async bundleItem(resultId: string, index: number) {
    return (await this.#bundles()).item(resultId, index);
  }

  async loadFile(...[role, name, bytes, kind]: Given<'loadFile'>) {
    return this.#files.load(role, name, bytes, kind);
  }
  async clearFile(role: Given<'clearFile'>[0]) {
    this.#files.clear(role);
  }

  async history(remove?: string) {
    const { removed } = await import('./history/write.ts');
    return removed(remove);
  }
  async openRun(run: string) {
    return (await import('./history/read.ts')).openKeptRun(run);
  }
  async keptItem(run: string, index: number) {
    return (await import('./history/read.ts')).readKeptItem(run, index, this.#registry);
  }
  async resumable(discard?: string) {
    return this.#runs.resumable(discard);
  }
  async resumeRun(run: string) {
    return this.#runs.resume(run);
  }
  async keepUnfinished(run: string) {
    return (await import('./checkpoint/keep.ts')).keepUnfinished(run, this.#registry);
  }

  async #bundles(): Promise<BundleOwner> {
    const { BundleOwner } = await import('./bundle-owner.ts');
    this.#loadedBundles ??= Promise.resolve(new BundleOwner(this.#registry, this.#use, this.#post));
    return this.#loadedBundles;
  }
}
