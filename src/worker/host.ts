/**
 * The worker's side of the protocol: answers requests, owns the device, the run and the user's files. Knows nothing of how
 * messages travel, so that tests drive it through a plain function. What runs, reads files and writes bundles loads when it is
 * first needed: it would weigh on every visit.
 */
import type { RunController } from '../engine/controller.ts';
import { describeError } from '../engine/errors.ts';
import type { RunEvent } from '../engine/events.ts';
import { loadInputs } from '../engine/load-inputs.ts';
import type { OpenedBundle } from '../engine/open-bundle.ts';
import { planRun } from '../engine/plan-run.ts';
import type { RunMode, RunOutcome } from '../engine/progress.ts';
import type { RunQuality } from '../engine/quality/types.ts';
import { findWorkload, fromJson, parseRunConfig, type Registry, type RunConfig } from '../engine/run-config.ts';
import type { SelfTestReport } from '../engine/self-test/report.ts';
import { TuningCancelledError } from '../engine/tuner/errors.ts';
import type { RememberedPlan } from '../engine/tuner/memory.ts';
import type { TuningResult } from '../engine/tuner/types.ts';
import { GpuContext } from '../gpu/context.ts';
import { NoAdapterError } from '../gpu/errors.ts';
import type { FaultPlan } from '../gpu/faults.ts';
import { workloads } from '../workloads/index.ts';
import { filesOfPage, setShippedFiles } from '../workloads/shipped-files.ts';
import type { RunInputs } from '../workloads/workload.ts';
import type { OpenedCheckpoint } from './checkpoint/resume.ts';
import type { RunCheckpoint } from './checkpoint/run-checkpoint.ts';
import type { ResumableRun, ResumeReply } from './checkpoint/types.ts';
import type { ExactWish, PathsWish } from './look/types.ts';
import {
  type Answers,
  type FileReply,
  type FileRole,
  type InitReply,
  type Message,
  type PlanReply,
  type Request,
  type RunReply,
  type TuneReply,
  unreachable,
} from './protocol.ts';
import type { TrainingOwner } from './training/owner.ts';
import type { SavedNetwork, TrainingWish, TrainReply } from './training/types.ts';

/** What a device must have passed for. */
type Tested = Pick<RunConfig, 'workload' | 'precision'>;

/** A request that the worker's state does not allow now. */
class NotNowError extends Error {
  override readonly name = 'NotNowError';
  constructor(
    message: string,
    readonly todo: string,
  ) {
    super(message);
  }
}

/** What cannot be done without a GPU. */
const NO_MEASURE = {
  message: 'There is no GPU to measure.',
  todo: 'The f64 twin works on one item after the other: its batch size changes nothing but when results appear.',
};
const NO_TRAINING = {
  message: 'There is no GPU to train on.',
  todo: 'Use the network that ships, or load one that was trained elsewhere.',
};

export class EngineHost {
  readonly #post: (message: Message) => void;
  readonly #registry: Registry;
  readonly #openGpu: (gpu?: GPU) => Promise<GpuContext>;
  #gpu: GpuContext | null = null;
  /** Faults on demand, and the entry point whose devices have them. */
  #faults: { readonly plan: FaultPlan; readonly gpu: GPU | undefined } | undefined;
  /** A self-test is under way: it tells of the device itself, so faults on demand wait. */
  #testing = false;
  /** The device whose self-test was told, or is under way. */
  #tried: GpuContext | undefined;
  /** Settles when the last `init` has; runs wait for it. */
  #ready: Promise<InitReply> | undefined;
  #inputs: RunInputs = {};
  /** The same files as they came, for the checkpoint. */
  #files: Partial<Record<FileRole, Blob>> = {};
  #run: RunController | undefined;
  /** Between a `run` request and its controller. */
  #starting = false;
  /** What the tuner found for the run; undefined where it had not been asked. */
  #tuned: TuningResult | undefined;
  /** Set while the tuner is at work. */
  #cancelTune: (() => void) | undefined;
  /** The training under way, or the one before. */
  #training: TrainingOwner | undefined;
  /** Particles that are being followed; settles soon after a run begins. */
  #look: Promise<unknown> | undefined;
  #exporting: AbortController | undefined;
  #opening: AbortController | undefined;
  /** The bundle opened last. */
  #bundle: OpenedBundle | undefined;

  constructor(
    post: (message: Message) => void,
    registry: Registry = workloads,
    openGpu: (gpu?: GPU) => Promise<GpuContext> = (gpu) => GpuContext.open({ gpu }),
  ) {
    this.#post = post;
    this.#registry = registry;
    this.#openGpu = openGpu;
  }

  /** Handles one message of the page. Never throws: what goes wrong is answered. */
  receive(request: Request): void {
    switch (request.type) {
      case 'init':
        if (request.base) setShippedFiles(filesOfPage(request.base));
        this.#answer(request.id, 'init', () => this.#init(request.cpu === true));
        return;
      case 'plan':
        this.#answer(request.id, 'plan', () => this.#plan(request.config, request.chunk));
        return;
      case 'memory':
        this.#answer(request.id, 'memory', () => this.#memory(request.config));
        return;
      case 'run':
        this.#answer(request.id, 'run', () => this.#start(request.config, request.paused === true));
        return;
      case 'faults':
        this.#answer(request.id, 'faults', () => this.#setFaults(request.plan));
        return;
      case 'tune':
        this.#answer(request.id, 'tune', () => this.#tune(request.config));
        return;
      case 'forgetTuning':
        this.#answer(request.id, 'forgetTuning', async () => {
          await (await import('./tuning.ts')).forgetTuning(request.key);
          return undefined;
        });
        return;
      case 'cancelTune':
        this.#cancelTune?.();
        return;
      case 'prepare':
        void this.#prepare();
        return;
      case 'pause':
        this.#run?.pause();
        return;
      case 'resume':
        this.#run?.resume();
        return;
      case 'step':
        this.#run?.step();
        return;
      case 'stop':
        this.#run?.stop();
        return;
      case 'watch':
        this.#run?.watch({ item: request.item, chain: request.chain });
        return;
      case 'item':
        this.#answer(request.id, 'item', async () => {
          const item = this.#run?.store.item(request.index);
          if (item) return item;
          throw new NotNowError(`Item ${request.index} has no result.`, 'Wait until its chunk has finished.');
        });
        return;
      case 'export':
        this.#answer(request.id, 'export', () => this.#export(request.adapterDetails, request.quality));
        return;
      case 'cancelExport':
        this.#exporting?.abort();
        return;
      case 'openBundle':
        this.#answer(request.id, 'openBundle', () => this.#openBundle(request.name, request.file));
        return;
      case 'cancelOpen':
        this.#opening?.abort();
        return;
      case 'bundleItem':
        this.#answer(request.id, 'bundleItem', async () => {
          const item = this.#bundle?.resultId === request.resultId && this.#bundle.store.item(request.index);
          if (item) return item;
          throw new NotNowError('This bundle is no longer open.', 'Open it again.');
        });
        return;
      case 'loadFile':
        this.#answer(request.id, 'loadFile', () => this.#load(request.role, request.name, request.bytes));
        return;
      case 'clearFile':
        this.#clear(request.role);
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
          return readKeptItem(request.run, request.index);
        });
        return;
      case 'resumable':
        this.#answer(request.id, 'resumable', () => this.#resumable(request.discard));
        return;
      case 'resumeRun':
        this.#answer(request.id, 'resumeRun', () => this.#resume(request.run));
        return;
      case 'keepUnfinished':
        this.#answer(request.id, 'keepUnfinished', async () => {
          const { keepUnfinished } = await import('./checkpoint/keep.ts');
          return keepUnfinished(request.run);
        });
        return;
      case 'train':
        this.#answer(request.id, 'train', () => this.#train(request.wish));
        return;
      case 'pauseTraining':
        this.#training?.pause(request.paused);
        return;
      case 'stopTraining':
        this.#training?.stop();
        return;
      case 'saveNetwork':
        this.#answer(request.id, 'saveNetwork', async () => this.#trained());
        return;
      case 'useNetwork':
        this.#answer(request.id, 'useNetwork', async () => {
          const { name, bytes } = this.#trained();
          return this.#load('network', name, bytes.buffer);
        });
        return;
      case 'exact':
        this.#answer(request.id, 'exact', () => this.#exact(request.wish));
        return;
      case 'paths':
        this.#answer(request.id, 'paths', () => this.#paths(request.wish));
        return;
      default:
        unreachable(request);
    }
  }

  #answer<K extends keyof Answers>(id: number, to: K, action: () => Promise<Answers[K]>): void {
    action().then(
      (value) => this.#post({ type: 'reply', id, to, value } as Message),
      (thrown) => this.#post({ type: 'refusal', id, error: describeError(thrown) }),
    );
  }

  async #init(cpu: boolean): Promise<InitReply> {
    this.#refuseWhileRunning('change the device');
    this.#ready = this.#open(cpu);
    return this.#ready;
  }

  async #setFaults(plan: FaultPlan): Promise<InitReply> {
    this.#refuseWhileRunning('change the device');
    const { faultyGpu } = await import('./faults.ts');
    const some = Object.keys(plan).length > 0;
    this.#faults = some ? { plan, gpu: await faultyGpu(plan, () => !this.#testing) } : undefined;
    this.#ready = this.#open(false);
    return this.#ready;
  }

  /** The user's files, with a pixel spoilt where a fault asks for it. */
  get #runInputs(): RunInputs {
    const nanPixelItem = this.#faults?.plan.nanPixelItem;
    return nanPixelItem === undefined ? this.#inputs : { ...this.#inputs, faults: { nanPixelItem } };
  }

  async #open(cpu: boolean): Promise<InitReply> {
    this.#gpu?.destroy();
    this.#gpu = null;
    if (cpu) return { mode: 'cpu-twin', report: null, reason: 'The CPU was asked for.' };
    try {
      this.#gpu = await this.#openGpu(this.#faults?.gpu);
    } catch (thrown) {
      return { mode: 'cpu-twin', report: null, reason: describeError(thrown).message };
    }
    this.#watchLoss(this.#gpu);
    return { mode: 'webgpu', report: this.#gpu.report };
  }

  /** The run hears of a lost device by itself and asks for another; without a run the next one opens it. */
  #watchLoss(gpu: GpuContext): void {
    gpu.lost.then((error) => {
      if (this.#gpu !== gpu) return;
      this.#gpu = null;
      this.#ready = undefined;
      if (!this.#running && !this.#cancelTune && !this.#training?.busy)
        this.#post({ type: 'error', error: describeError(error) });
    });
  }

  /** The linker, the WGSL and the samplers are more than the page itself: they come when somebody begins to use it. */
  async #prepare(): Promise<void> {
    await this.#ready;
    if (this.#gpu) this.#tryDevice(this.#gpu);
    // What could not be loaded is asked for again by the run, which says so.
    await import('../engine/controller.ts').catch(() => undefined);
  }

  /** Tells the report of a device, once for each. Nobody waits for it here; runs do, and are refused what failed. */
  #tryDevice(gpu: GpuContext): void {
    if (gpu === this.#tried) return;
    this.#tried = gpu;
    this.#testing = true;
    import('../engine/self-test/run.ts')
      .then(({ selfTest }) => selfTest(gpu, this.#registry.slice(0, 1)))
      .finally(() => {
        this.#testing = false;
      })
      .then(
        (report) => gpu === this.#gpu && this.#post({ type: 'selfTest', report }),
        // The device was lost or closed meanwhile, which `#watchLoss` tells.
        () => undefined,
      );
  }

  /** Of what a run needs, which may be more than was tried. Throws `SelfTestError` where that failed, and the loss of the device. */
  async #selfTest(gpu: GpuContext, { workload, precision }: Tested): Promise<SelfTestReport> {
    this.#tryDevice(gpu);
    const { passedSelfTest } = await import('../engine/self-test/run.ts');
    const [first] = this.#registry;
    const wanted = findWorkload(workload, this.#registry);
    const more = wanted !== first || precision !== 'f32';
    this.#testing = true;
    try {
      const report = await passedSelfTest(gpu, more ? [...new Set([first, wanted])] : [first], precision);
      if (more) this.#post({ type: 'selfTest', report });
      return report;
    } finally {
      this.#testing = false;
    }
  }

  /** The device itself, once it has passed. */
  async #passing(gpu: GpuContext, tested: Tested): Promise<GpuContext> {
    await this.#selfTest(gpu, tested);
    return gpu;
  }

  async #mode(): Promise<RunMode> {
    return (await this.#opened()).mode;
  }

  #opened(): Promise<InitReply> {
    this.#ready ??= this.#open(false);
    return this.#ready;
  }

  /** A device in the place of a lost one, the same for the run and for whoever plans meanwhile. */
  async #reopen(tested: Tested): Promise<GpuContext> {
    const { reason } = await this.#opened();
    if (this.#gpu) return this.#passing(this.#gpu, tested);
    // The twin is not what this run goes on with; the next question tries again.
    this.#ready = undefined;
    throw new NoAdapterError(reason ?? 'The GPU gives no device.', 'Try again when the GPU works.');
  }

  async #plan(given: RunConfig, chunk?: number): Promise<PlanReply> {
    await this.#mode();
    const { plan: planned, tuning } = await this.#planRun(given, chunk);
    const { workload: _, config: __, inputs: ___, buffers, ...plan } = planned;
    return { ...plan, plan: buffers, tuning };
  }

  async #memory(given: RunConfig): Promise<Answers['memory']> {
    await this.#mode();
    const { memoryTable } = await import('../engine/memory-table.ts');
    const { plan } = await this.#planRun(given);
    return memoryTable(plan, this.#gpu?.report ?? null);
  }

  /** With batch size "auto" by what the tuner found on this adapter before. */
  async #planRun(given: RunConfig, chunk?: number): Promise<RememberedPlan> {
    const config = parseRunConfig(given, this.#registry);
    const workload = findWorkload(config.workload, this.#registry);
    const report = this.#gpu?.report ?? null;
    const inputs = await loadInputs(workload, config.params, this.#runInputs);
    if (chunk !== undefined || config.batch.size !== 'auto' || !report)
      return { plan: planRun(workload, config, inputs, report, { chunk }) };
    const { planRemembered, tuningMemory } = await import('./tuning-memory.ts');
    return planRemembered(await tuningMemory.load(), workload, config, inputs, report);
  }

  async #tune(given: RunConfig): Promise<TuneReply> {
    this.#refuseWhileRunning('tune');
    const abort = new AbortController();
    this.#cancelTune = () => abort.abort(new TuningCancelledError());
    try {
      const config = parseRunConfig(given, this.#registry);
      const workload = findWorkload(config.workload, this.#registry);
      const { tuneForPage } = await import('./tuning.ts');
      return await tuneForPage({
        workload,
        config,
        inputs: await loadInputs(workload, config.params, this.#inputs),
        gpu: await this.#requireGpu(config),
        reopen: () => this.#requireGpu(config),
        signal: abort.signal,
        tell: (event) => this.#post({ type: 'tuneEvent', event }),
      });
    } finally {
      this.#cancelTune = undefined;
    }
  }

  /** The open device, a new one after a loss. */
  async #requireGpu(tested: Tested, without = NO_MEASURE): Promise<GpuContext> {
    const { reason } = await this.#opened();
    if (this.#gpu) return this.#passing(this.#gpu, tested);
    throw new NotNowError(`${without.message} ${reason ?? ''}`.trim(), without.todo);
  }

  async #train(wish: TrainingWish): Promise<TrainReply> {
    this.#refuseWhileRunning('train a network');
    this.#starting = true;
    try {
      await this.#look?.catch(() => undefined);
      const { TrainingOwner } = await import('./training/owner.ts');
      this.#training ??= new TrainingOwner({
        device: (precision) => this.#requireGpu({ workload: 'flow', precision }, NO_TRAINING),
        post: (event) => this.#post(event),
      });
      return await this.#training.start(wish);
    } finally {
      this.#starting = false;
    }
  }

  async #exact({ config, ...wish }: ExactWish): Promise<Answers['exact']> {
    const { exactPosterior } = await import('./look/exact.ts');
    return exactPosterior({ ...wish, config: parseRunConfig(config, this.#registry) }, this.#inputs);
  }

  /** One look at a time; a run that wants the device waits for the step under way. */
  #paths({ config: given, ...wish }: PathsWish): Promise<Answers['paths']> {
    const before = this.#look;
    const look = (async () => {
      await before?.catch(() => undefined);
      this.#refuseWhileRunning('look at the flow');
      const config = parseRunConfig(given, this.#registry);
      const { followParticles } = await import('./look/paths.ts');
      const gpu = (await this.#mode()) === 'webgpu' ? await this.#requireGpu(config) : null;
      const free = () => !this.#running && !this.#cancelTune && !this.#training?.busy;
      return followParticles({ ...wish, config }, this.#inputs, gpu, free);
    })();
    this.#look = look;
    return look;
  }

  #trained(): SavedNetwork {
    const network = this.#training?.network();
    if (network) return network;
    throw new NotNowError('No network has been trained here yet.', 'Train one, or load one from a file.');
  }

  async #start(given: RunConfig, paused: boolean): Promise<RunReply> {
    this.#refuseWhileRunning('start another');
    this.#starting = true;
    try {
      await this.#look?.catch(() => undefined);
      return await this.#openRun(given, paused);
    } finally {
      this.#starting = false;
    }
  }

  async #openRun(given: RunConfig, paused: boolean, from?: OpenedCheckpoint): Promise<RunReply> {
    const mode = await this.#mode();
    const gpu = this.#gpu;
    const { plan, tuning } = await this.#planRun(given);
    const { RunController } = await import('../engine/controller.ts');
    const selfTest = gpu ? await this.#selfTest(gpu, plan.config) : undefined;
    const { RunCheckpoint } = await import('./checkpoint/run-checkpoint.ts');
    let checkpoint: RunCheckpoint | undefined;
    const run: RunController = new RunController({
      plan,
      gpu,
      selfTest,
      faults: this.#faults?.plan,
      reopen: () => this.#reopen(plan.config),
      finished: from?.checkpoint.finished,
      paused,
      listener: {
        progress: (progress) => this.#post({ type: 'progress', progress }),
        itemDone: (summary) => this.#post({ type: 'itemDone', summary }),
        chunkDone: (items) => checkpoint?.add(items),
        chunkFailed: (items, error) => this.#post({ type: 'chunkFailed', items, error }),
        event: (event) => this.#post({ type: 'runEvent', event }),
        peek: (peek) => this.#post({ type: 'peek', peek }),
      },
    });
    if (from) await (await import('../engine/checkpoint/same-run.ts')).requireSameRun(from.checkpoint.head, run);
    this.#run = run;
    this.#tuned = tuning;
    await run.open();
    for (const message of run.problem.warnings) this.#post({ type: 'log', level: 'warning', message });
    for (const note of run.problem.notes) this.#post({ type: 'log', level: 'info', message: note });
    const reply: RunReply = {
      mode,
      items: run.problem.items,
      parameters: run.problem.parameters,
      notes: run.problem.notes,
      warnings: run.problem.warnings,
      chunk: plan.chunk,
      chunks: plan.chunks,
      plan: plan.buffers,
      shape: plan.shape,
      shaders: run.shaders,
    };
    const event = (event: RunEvent) => this.#post({ type: 'runEvent', event });
    checkpoint = await RunCheckpoint.open({
      run,
      reply,
      files: this.#files,
      from,
      faults: this.#faults?.plan,
      event,
    });
    run.run().then((outcome) => {
      this.#post({ type: 'finished', outcome });
      void this.#keep(run, reply, outcome, checkpoint);
    });
    return reply;
  }

  /** Into the browser's history, where there is one; the checkpoint has done its work then. */
  async #keep(
    run: RunController,
    reply: RunReply,
    outcome: RunOutcome,
    checkpoint: RunCheckpoint | undefined,
  ): Promise<void> {
    const { keepRun } = await import('./history/write.ts');
    const kept = run.store.size > 0 ? await keepRun(run, reply, outcome) : undefined;
    await checkpoint?.end(outcome, kept?.kept !== undefined);
    if (kept) this.#post({ type: 'history', ...kept });
  }

  /** Runs that were cut short; first gives one up. */
  async #resumable(discard?: string): Promise<ResumableRun[]> {
    const mode = await this.#mode();
    const { discardCheckpoint, listResumable } = await import('./checkpoint/resume.ts');
    const { placeOf } = await import('../engine/checkpoint/head.ts');
    if (discard !== undefined) await discardCheckpoint(discard);
    return listResumable(placeOf(mode, this.#gpu?.report.name ?? null));
  }

  /** Goes on with a run that was cut short, with its configuration and its files. A refused one changes nothing. */
  async #resume(id: string): Promise<ResumeReply> {
    this.#refuseWhileRunning('resume another');
    this.#starting = true;
    const [inputs, kept] = [this.#inputs, this.#files];
    let from: OpenedCheckpoint | undefined;
    try {
      from = await (await import('./checkpoint/resume.ts')).openCheckpoint(id);
      const config = fromJson(from.checkpoint.head.config, this.#registry);
      for (const role of ['images', 'truth', 'network'] as const) this.#clear(role);
      const files: FileReply[] = [];
      for (const { role, name, bytes } of from.files) files.push(await this.#load(role, name, bytes));
      return { config, run: await this.#openRun(config, false, from), files };
    } catch (error) {
      from?.release();
      [this.#inputs, this.#files] = [inputs, kept];
      throw error;
    } finally {
      this.#starting = false;
    }
  }

  get #running(): boolean {
    return this.#starting || (this.#run !== undefined && this.#run.outcome === undefined);
  }

  #refuseWhileRunning(what: string): void {
    if (this.#cancelTune) throw new NotNowError(`The tuner is at work; cannot ${what}.`, 'Cancel it first.');
    if (this.#training?.busy)
      throw new NotNowError(
        `A network is being trained; cannot ${what}.`,
        'Stop it first: what is trained so far is kept.',
      );
    if (this.#running) throw new NotNowError(`A run is in progress; cannot ${what}.`, 'Stop it first.');
  }

  #clear(role: FileRole): void {
    this.#inputs = { ...this.#inputs, [role]: undefined };
    this.#files = { ...this.#files, [role]: undefined };
  }

  async #load(role: FileRole, name: string, bytes: ArrayBuffer): Promise<FileReply> {
    const data = new Uint8Array(bytes);
    if (role === 'images') {
      const { loadImages } = await import('../bundle/images.ts');
      const images = await loadImages(name, data);
      this.#inputs = { ...this.#inputs, images };
      this.#files = { ...this.#files, images: new Blob([data]) };
      const { n, ny, nx } = images;
      return { role, name, count: n, what: `${n} ${n === 1 ? 'image' : 'images'} of ${ny} × ${nx} pixels` };
    }
    if (role === 'network') {
      const [{ decodeNetwork }, { sha256Of }] = await Promise.all([
        import('../workloads/flow/weights/network-file.ts'),
        import('../bundle/sha256.ts'),
      ]);
      // Read here so that a damaged file is refused when it comes, not when it is needed.
      const { task, net } = decodeNetwork(name, data).model;
      this.#inputs = { ...this.#inputs, network: { name, bytes: data, sha256: sha256Of(data) } };
      this.#files = { ...this.#files, network: new Blob([data]) };
      return { role, name, count: 1, what: `a network for ${task.id}, ${net.depth} layers of ${net.width}` };
    }
    const { loadTruth } = await import('../bundle/truth-table.ts');
    const truth = await loadTruth(name, data);
    this.#inputs = { ...this.#inputs, truth };
    this.#files = { ...this.#files, truth: new Blob([data]) };
    const rows = truth.rows.length;
    return { role, name, count: rows, what: `${rows} ${rows === 1 ? 'row' : 'rows'}` };
  }

  async #export(adapterDetails: boolean, quality?: RunQuality): Promise<Answers['export']> {
    const run = this.#run;
    if (!run || run.store.size === 0) {
      throw new NotNowError(
        'There is nothing to export yet.',
        'Run first; finished items can be exported at any time.',
      );
    }
    if (this.#exporting) throw new NotNowError('An export is in progress.', 'Wait for it or cancel it.');
    const abort = new AbortController();
    this.#exporting = abort;
    try {
      const { exportBundle } = await import('./export.ts');
      const report = adapterDetails ? run.report : null;
      // It names the adapter, too.
      const tuning = adapterDetails ? this.#tuned : undefined;
      return await exportBundle({ run, report, tuning, quality }, abort.signal, (done, total, file) =>
        this.#post({ type: 'exportProgress', done, total, file }),
      );
    } finally {
      this.#exporting = undefined;
    }
  }

  /** The bundle that was open stays until the new one is verified and read as a whole. */
  async #openBundle(name: string, file: Blob): Promise<Answers['openBundle']> {
    if (this.#opening) throw new NotNowError('A bundle is being opened.', 'Wait for it or cancel it.');
    const abort = new AbortController();
    this.#opening = abort;
    try {
      const { openForPage } = await import('./open.ts');
      const { bundle, reply } = await openForPage(name, file, this.#registry, abort.signal, (done, total, path) =>
        this.#post({ type: 'openProgress', done, total, file: path }),
      );
      this.#bundle = bundle;
      return reply;
    } finally {
      this.#opening = undefined;
    }
  }
}
