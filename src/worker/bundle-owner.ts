/** Bundles of the page: the run's as a zip, and one that was opened beside it. */

import { type LazyRegistry, loadWorkload } from '../engine/config/load-workload.ts';
import type { OpenedBundle } from '../engine/files/open-bundle.ts';
import type { EarlierRun } from '../engine/run/extension.ts';
import type { ItemResult } from '../results/kind.ts';
import type { RunQuality } from '../results/posterior/quality/types.ts';
import type { DeviceUse } from './device-use.ts';
import type { ExportReply, OpenReply } from './engine-api.ts';
import { NO_RUN_HERE, NotNowError } from './errors.ts';
import type { Event } from './protocol.ts';

export class BundleOwner {
  readonly #registry: LazyRegistry;
  readonly #use: DeviceUse;
  readonly #post: (event: Event) => void;
  #exporting: AbortController | undefined;
  #opening: AbortController | undefined;
  /** The bundle opened last. */
  #bundle: OpenedBundle | undefined;

  constructor(registry: LazyRegistry, use: DeviceUse, post: (event: Event) => void) {
    this.#registry = registry;
    this.#use = use;
    this.#post = post;
  }

  cancelExport(): void {
    this.#exporting?.abort();
  }

  cancelOpen(): void {
    this.#opening?.abort();
  }

  /** All finished items so far. */
  async export(adapterDetails: boolean, quality?: RunQuality): Promise<ExportReply> {
    const { run, tuned } = this.#use;
    if (!run) throw new NotNowError('There is nothing to export yet.', NO_RUN_HERE);
    if (run.store.size === 0) {
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
      const tuning = adapterDetails ? tuned : undefined;
      return await exportBundle({ run, report, tuning, quality }, abort.signal, (done, total, file) =>
        this.#post({ type: 'exportProgress', done, total, file }),
      );
    } finally {
      this.#exporting = undefined;
    }
  }

  /** The bundle that was open stays until the new one is verified and read as a whole. */
  async open(name: string, file: Blob): Promise<OpenReply> {
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

  /** The bundle opened last, if this is the one, for a run that adds to it. */
  async earlier(resultId: string): Promise<EarlierRun> {
    if (this.#bundle?.resultId !== resultId) throw new NotNowError('This bundle is no longer open.', 'Open it again.');
    const { results } = await loadWorkload(this.#bundle.config.workload, this.#registry);
    const { earlierRun } = await import('../engine/files/open-bundle.ts');
    return earlierRun(this.#bundle, results);
  }

  /** An item of the bundle opened last, if this is the one. */
  async item(resultId: string, index: number): Promise<ItemResult> {
    const item = this.#bundle?.resultId === resultId && this.#bundle.store.item(index);
    if (item) return item;
    throw new NotNowError('This bundle is no longer open.', 'Open it again.');
  }
}
