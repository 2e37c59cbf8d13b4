/** Runs as the page asks for them: on the open device, with the user's files, one at a time. */
import { type LazyRegistry, loadConfig } from '../engine/config/load-workload.ts';
import { configJson, type RunConfig } from '../engine/config/run-config.ts';
import type { EarlierRun } from '../engine/run/extension.ts';
import type { GpuContext } from '../gpu/context.ts';
import type { ItemResult } from '../results/kind.ts';
import type { OpenedCheckpoint } from './checkpoint/resume.ts';
import type { ResumableRun, ResumeReply } from './checkpoint/types.ts';
import type { DeviceOwner } from './device-owner.ts';
import type { DeviceUse } from './device-use.ts';
import { NO_RUN_HERE, NotNowError } from './errors.ts';
import type { FileOwner } from './file-owner.ts';
import type { FileReply } from './file-reply.ts';
import type { Planner } from './planner.ts';
import type { Event } from './protocol.ts';
import type { RunReply } from './run-reply.ts';
import type { RunTask } from './start-run.ts';

export interface RunOwnerOptions {
  readonly registry: LazyRegistry;
  readonly devices: DeviceOwner;
  readonly files: FileOwner;
  readonly planner: Planner;
  readonly use: DeviceUse;
  readonly post: (event: Event) => void;
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
    return this.#options.use.startRun('start another', () => this.#start(given, paused));
  }

  /** Adds to a finished run. @param read what there is of it, read once the device is this run's */
  extend(given: RunConfig, read: () => Promise<EarlierRun>): Promise<RunReply> {
    return this.#options.use.startRun('start another', async () =>
      this.#start(given, false, { earlier: await read() }),
    );
  }

  /** The run started last, for one that adds to it. */
  async earlier(): Promise<EarlierRun> {
    const { run } = this.#options.use;
    if (!run) throw new NotNowError('There is no run to add to.', NO_RUN_HERE);
    return (await import('../engine/run/extension.ts')).earlierOf(run);
  }

  /** Goes on with a run that was cut short, with its configuration and its files. A refused one changes nothing. */
  resume(id: string): Promise<ResumeReply> {
    return this.#options.use.startRun('resume another', async () => {
      const { files, registry } = this.#options;
      const { held } = files;
      let from: OpenedCheckpoint | undefined;
      try {
        const { openCheckpoint, requireFolders } = await import('./checkpoint/resume.ts');
        from = await openCheckpoint(id);
        const { head } = from.checkpoint;
        const { config, workload } = await loadConfig(configJson(head.config), registry);
        const folders = requireFolders(head, workload.title, files.inputs(workload.id).files ?? {});
        files.clearAll(workload.id, folders);
        const loaded: FileReply[] = [];
        // Read again as the run read it.
        for (const role of folders) loaded.push(await files.choose(workload, role, head.inputs[role]?.options ?? {}));
        for (const { role, name, bytes, options } of from.files)
          loaded.push(await files.load(workload, role, name, bytes, options));
        return { config, run: await this.#start(config, false, { from }), files: loaded };
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
    // A first visit has none, and is spared the rest.
    const { checkpointIds } = await import('./checkpoint/opfs-files.ts');
    if (discard === undefined && (await checkpointIds().catch(() => [])).length === 0) return [];
    const { discardCheckpoint, listResumable } = await import('./checkpoint/resume.ts');
    const { placeOf } = await import('../engine/checkpoint/head.ts');
    if (discard !== undefined) await discardCheckpoint(discard);
    return listResumable(placeOf(reply.mode, reply.report?.name ?? null));
  }

  async item(index: number): Promise<ItemResult> {
    const { run } = this.#options.use;
    const item = run?.store.item(index);
    if (item) return item;
    throw new NotNowError(`Item ${index} has no result.`, run ? 'Wait until its chunk has finished.' : NO_RUN_HERE);
  }

  /** A configuration that cannot run is refused before the device is tried, which takes longer. */
  async #start(given: RunConfig, paused: boolean, before: Pick<RunTask, 'from' | 'earlier'> = {}): Promise<RunReply> {
    const { devices, planner } = this.#options;
    const { gpu } = await devices.opened();
    const planFor = (gpu: GpuContext | null) => planner.plan(given, gpu?.report ?? null);
    let planned = await planFor(gpu);
    const device = gpu ? await devices.passed(planned.plan.config) : undefined;
    if ((device?.gpu ?? null) !== gpu) planned = await planFor(device?.gpu ?? null);
    const { startRun } = await import('./start-run.ts');
    return startRun({ ...this.#options, planned, device, faults: devices.faults, paused, ...before });
  }
}
