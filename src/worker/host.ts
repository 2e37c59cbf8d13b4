/**
 * The worker's side of the protocol: gives each request to whoever owns what it is about, and answers. Knows nothing of how messages
 * travel, so that tests drive it through a plain function. What runs, reads files and writes bundles loads when it is first needed: it
 * would weigh on every visit.
 */
import { describeError } from '../engine/errors.ts';
import { findWorkload, type Registry } from '../engine/run-config.ts';
import { GpuContext } from '../gpu/context.ts';
import { workloads } from '../workloads/index.ts';
import { filesOfPage, setShippedFiles } from '../workloads/shipped-files.ts';
import type { Experiment } from '../workloads/workload.ts';
import type { BundleOwner } from './bundle-owner.ts';
import { DeviceOwner } from './device-owner.ts';
import { FileOwner } from './file-owner.ts';
import { LookOwner } from './look-owner.ts';
import { Planner } from './planner.ts';
import { type Answers, type Message, type Request, unreachable } from './protocol.ts';
import { RunOwner } from './run-owner.ts';
import { WorkInHand } from './work-in-hand.ts';

export class EngineHost {
  readonly #post: (message: Message) => void;
  readonly #work = new WorkInHand();
  readonly #files = new FileOwner();
  readonly #devices: DeviceOwner;
  readonly #planner: Planner;
  readonly #runs: RunOwner;
  readonly #looks: LookOwner;
  readonly #registry: Registry;
  /** Once it has been asked for. */
  #loadedBundles: Promise<BundleOwner> | undefined;

  constructor(
    post: (message: Message) => void,
    registry: Registry = workloads,
    openGpu: (gpu?: GPU) => Promise<GpuContext> = (gpu) => GpuContext.open({ gpu }),
  ) {
    const [work, files] = [this.#work, this.#files];
    const devices = new DeviceOwner({ registry, post, openGpu, busy: () => work.busy });
    const planner = new Planner(registry, devices, files);
    this.#post = post;
    this.#devices = devices;
    this.#planner = planner;
    this.#runs = new RunOwner({ registry, devices, files, planner, work, post });
    this.#looks = new LookOwner(registry, devices, files, work);
    this.#registry = registry;
  }

  /** Handles one message of the page. Never throws: what goes wrong is answered. */
  receive(request: Request): void {
    switch (request.type) {
      case 'init':
        if (request.base) setShippedFiles(filesOfPage(request.base));
        this.#answer(request.id, 'init', () => this.#changeDevice(() => this.#devices.init(request.cpu)));
        return;
      case 'faults':
        this.#answer(request.id, 'faults', () => this.#changeDevice(() => this.#devices.setFaults(request.plan)));
        return;
      case 'plan':
        this.#answer(request.id, 'plan', () => this.#planner.reply(request.config, request.chunk));
        return;
      case 'memory':
        this.#answer(request.id, 'memory', () => this.#planner.memory(request.config));
        return;
      case 'tune':
        this.#answer(request.id, 'tune', () => this.#runs.tune(request.config));
        return;
      case 'cancelTune':
        this.#runs.cancelTune();
        return;
      case 'forgetTuning':
        this.#answer(request.id, 'forgetTuning', async () => {
          await (await import('./tuning.ts')).forgetTuning(request.key);
          return undefined;
        });
        return;
      case 'prepare':
        void this.#runs.prepare();
        return;
      case 'run':
        this.#answer(request.id, 'run', () => this.#runs.start(request.config, request.paused === true));
        return;
      case 'pause':
        this.#work.run?.pause();
        return;
      case 'resume':
        this.#work.run?.resume();
        return;
      case 'step':
        this.#work.run?.step();
        return;
      case 'stop':
        this.#work.stop();
        return;
      case 'watch':
        this.#work.run?.watch({ item: request.item, chain: request.chain });
        return;
      case 'item':
        this.#answer(request.id, 'item', () => this.#runs.item(request.index));
        return;
      case 'export':
        this.#answer(request.id, 'export', async () =>
          (await this.#bundles()).export(request.adapterDetails, request.quality),
        );
        return;
      case 'cancelExport':
        void this.#loadedBundles?.then((bundles) => bundles.cancelExport());
        return;
      case 'openBundle':
        this.#answer(request.id, 'openBundle', async () => (await this.#bundles()).open(request.name, request.file));
        return;
      case 'cancelOpen':
        void this.#loadedBundles?.then((bundles) => bundles.cancelOpen());
        return;
      case 'bundleItem':
        this.#answer(request.id, 'bundleItem', async () =>
          (await this.#bundles()).item(request.resultId, request.index),
        );
        return;
      case 'loadFile':
        this.#answer(request.id, 'loadFile', async () =>
          this.#files.load(this.#experiment(request.workload), request.role, request.name, request.bytes),
        );
        return;
      case 'clearFile':
        this.#files.clear(request.workload, request.role);
        return;
      case 'history':
        this.#answer(request.id, 'history', async () => {
          const { removed } = await import('./history/write.ts');
          return removed(request.remove);
        });
        return;
      case 'openRun':
        this.#answer(request.id, 'openRun', async () => (await import('./history/read.ts')).openKeptRun(request.run));
        return;
      case 'keptItem':
        this.#answer(request.id, 'keptItem', async () => {
          const { readKeptItem } = await import('./history/read.ts');
          return readKeptItem(request.run, request.index, this.#registry);
        });
        return;
      case 'resumable':
        this.#answer(request.id, 'resumable', () => this.#runs.resumable(request.discard));
        return;
      case 'resumeRun':
        this.#answer(request.id, 'resumeRun', () => this.#runs.resume(request.run));
        return;
      case 'keepUnfinished':
        this.#answer(request.id, 'keepUnfinished', async () => {
          const { keepUnfinished } = await import('./checkpoint/keep.ts');
          return keepUnfinished(request.run, this.#registry);
        });
        return;
      case 'train':
        this.#answer(request.id, 'train', () => this.#runs.train(request.wish));
        return;
      case 'pauseTraining':
        this.#work.training?.pause(request.paused);
        return;
      case 'stopTraining':
        this.#work.training?.stop();
        return;
      case 'saveNetwork':
        this.#answer(request.id, 'saveNetwork', async () => this.#runs.trained());
        return;
      case 'useNetwork':
        this.#answer(request.id, 'useNetwork', async () => {
          const { name, bytes } = this.#runs.trained();
          return this.#files.load(this.#experiment('flow'), 'network', name, bytes.buffer);
        });
        return;
      case 'exact':
        this.#answer(request.id, 'exact', () => this.#looks.exact(request.wish));
        return;
      case 'paths':
        this.#answer(request.id, 'paths', () => this.#looks.paths(request.wish));
        return;
      case 'comparePrecisions':
        this.#answer(request.id, 'comparePrecisions', () => this.#runs.comparePrecisions(request.wish));
        return;
      case 'stopComparison':
        this.#runs.stopComparison();
        return;
      default:
        unreachable(request);
    }
  }

  #experiment(id: string): Experiment {
    return findWorkload(id, this.#registry);
  }

  #answer<K extends keyof Answers>(id: number, to: K, action: () => Promise<Answers[K]>): void {
    action().then(
      (value) => this.#post({ type: 'reply', id, to, value } as Message),
      (thrown) => this.#post({ type: 'refusal', id, error: describeError(thrown) }),
    );
  }

  async #bundles(): Promise<BundleOwner> {
    const { BundleOwner } = await import('./bundle-owner.ts');
    this.#loadedBundles ??= Promise.resolve(new BundleOwner(this.#registry, this.#work, this.#post));
    return this.#loadedBundles;
  }

  async #changeDevice(change: () => Promise<Answers['init']>): Promise<Answers['init']> {
    this.#work.refuse('change the device');
    return change();
  }
}
