/** Runs and tunings as the page asks for them: on the open device, with the user's files, one at a time. */

import { loadInputs } from '../engine/load-inputs.ts';
import { findWorkload, fromJson, parseRunConfig, type Registry, type RunConfig } from '../engine/run-config.ts';
import { TuningCancelledError } from '../engine/tuner/errors.ts';
import type { GpuContext } from '../gpu/context.ts';
import type { ItemResult } from '../results/kind.ts';
import { dataKind } from '../workloads/data-kind.ts';
import type { OpenedCheckpoint } from './checkpoint/resume.ts';
import type { ResumableRun, ResumeReply } from './checkpoint/types.ts';
import type { ComparisonWish } from './comparison/types.ts';
import { type DeviceOwner, requireDevice } from './device-owner.ts';
import { FILE_ROLES, type FileOwner } from './file-owner.ts';
import type { FileReply } from './file-reply.ts';
import type { Planner } from './planner.ts';
import type { Answers, Message, TuneReply } from './protocol.ts';
import type { RunReply } from './run-reply.ts';
import type { SavedNetwork, TrainingWish, TrainReply } from './training/types.ts';
import { NotNowError, type WorkInHand } from './work-in-hand.ts';

/** The person did not want to wait for a comparison of precisions. */
export class ComparisonStoppedError extends Error {
  override readonly name = 'ComparisonStoppedError';
  constructor() {
    super('The comparison was stopped.');
  }
}

export interface RunOwnerOptions {
  readonly registry: Registry;
  readonly devices: DeviceOwner;
  readonly files: FileOwner;
  readonly planner: Planner;
  readonly work: WorkInHand;
  readonly post: (message: Message) => void;
}

export class RunOwner {
  readonly #options: RunOwnerOptions;

  constructor(options: RunOwnerOptions) {
    this.#options = options;
  }

  /** The linker, the WGSL and the samplers are more than the page itself: they come when somebody begins to use it. */
  async prepare(): Promise<void> {
    await this.#options.devices.try();
    // What could not be loaded is asked for again by the run, which says so.
    await import('./start-run.ts').catch(() => undefined);
  }

  start(given: RunConfig, paused: boolean): Promise<RunReply> {
    return this.#options.work.starting('start another', () => this.#start(given, paused));
  }

  /** Goes on with a run that was cut short, with its configuration and its files. A refused one changes nothing. */
  resume(id: string): Promise<ResumeReply> {
    return this.#options.work.starting('resume another', async () => {
      const { files, registry } = this.#options;
      const { held } = files;
      let from: OpenedCheckpoint | undefined;
      try {
        from = await (await import('./checkpoint/resume.ts')).openCheckpoint(id);
        const config = fromJson(from.checkpoint.head.config, registry);
        for (const role of FILE_ROLES) files.clear(role);
        const loaded: FileReply[] = [];
        const kind = dataKind(findWorkload(config.workload, registry));
        for (const { role, name, bytes } of from.files) loaded.push(await files.load(role, name, bytes, kind));
        return { config, run: await this.#start(config, false, from), files: loaded };
      } catch (error) {
        from?.release();
        files.held = held;
        throw error;
      }
    });
  }

  /** Runs that were cut short; first gives one up. */
  async resumable(discard?: string): Promise<ResumableRun[]> {
    const { reply } = await this.#options.devices.opened();
    const { discardCheckpoint, listResumable } = await import('./checkpoint/resume.ts');
    const { placeOf } = await import('../engine/checkpoint/head.ts');
    if (discard !== undefined) await discardCheckpoint(discard);
    return listResumable(placeOf(reply.mode, reply.report?.name ?? null));
  }

  async item(index: number): Promise<ItemResult> {
    const item = this.#options.work.run?.store.item(index);
    if (item) return item;
    throw new NotNowError(`Item ${index} has no result.`, 'Wait until its chunk has finished.');
  }

  async tune(given: RunConfig): Promise<TuneReply> {
    const { work, registry, devices, files, post } = this.#options;
    work.refuse('tune');
    const abort = new AbortController();
    work.tuner = abort;
    try {
      const config = parseRunConfig(given, registry);
      const workload = findWorkload(config.workload, registry);
      const { deviceToMeasure, tuneForPage } = await import('./tuning.ts');
      const reopen = () => deviceToMeasure(devices, config);
      return await tuneForPage({
        workload,
        config,
        inputs: await loadInputs(workload, config.params, files.held.inputs),
        gpu: await reopen(),
        reopen,
        signal: abort.signal,
        tell: (event) => post({ type: 'tuneEvent', event }),
      });
    } finally {
      work.tuner = undefined;
    }
  }

  cancelTune(): void {
    this.#options.work.tuner?.abort(new TuningCancelledError());
  }

  /** One observation in every precision of the device; refused while a run, the tuner or a training is at work. */
  async comparePrecisions(wish: ComparisonWish): Promise<Answers['comparePrecisions']> {
    const { work, registry, devices, files, post } = this.#options;
    work.refuse('compare precisions');
    const abort = new AbortController();
    work.comparison = abort;
    try {
      await work.look?.catch(() => undefined);
      const { compareForPage } = await import('./comparison/owner.ts');
      return await compareForPage(wish, { registry, devices, files: files.held.inputs, signal: abort.signal, post });
    } finally {
      work.comparison = undefined;
    }
  }

  stopComparison(): void {
    this.#options.work.comparison?.abort(new ComparisonStoppedError());
  }

  /** Trains a network; refused while a run or the tuner is at work. */
  train(wish: TrainingWish): Promise<TrainReply> {
    const { work, devices, post } = this.#options;
    return work.starting('train a network', async () => {
      const { TrainingOwner } = await import('./training/owner.ts');
      work.training ??= new TrainingOwner({
        device: (precision) =>
          requireDevice(
            devices,
            { workload: 'flow', precision },
            {
              message: 'There is no GPU to train on.',
              todo: 'Use the network that ships, or load one that was trained elsewhere.',
            },
          ),
        post,
      });
      return work.training.start(wish);
    });
  }

  /** The network trained last. */
  trained(): SavedNetwork {
    const network = this.#options.work.training?.network();
    if (network) return network;
    throw new NotNowError('No network has been trained here yet.', 'Train one, or load one from a file.');
  }

  /** A configuration that cannot run is refused before the device is tried, which takes longer. */
  async #start(given: RunConfig, paused: boolean, from?: OpenedCheckpoint): Promise<RunReply> {
    const { devices, planner } = this.#options;
    const { gpu } = await devices.opened();
    const planFor = (gpu: GpuContext | null) => planner.plan(given, gpu?.report ?? null);
    let planned = await planFor(gpu);
    const device = gpu ? await devices.passed(planned.plan.config) : undefined;
    if ((device?.gpu ?? null) !== gpu) planned = await planFor(device?.gpu ?? null);
    const { startRun } = await import('./start-run.ts');
    return startRun({ ...this.#options, planned, device, faults: devices.faults, paused, from });
  }
}
