/** A bundle as the page needs it: what a run would have told while it went on, in one reply. Loaded when the first one is opened. */

import type { LazyRegistry } from '../engine/config/load-workload.ts';
import { type OpenedBundle, openBundle } from '../engine/files/open-bundle.ts';
import type { OpenReply } from './engine-api.ts';

/** At most this often does the page hear how far it is. */
const PROGRESS_MS = 50;

/** Rejects with the signal's reason when aborted, else with the file at fault. */
export async function openForPage(
  name: string,
  file: Blob,
  registry: LazyRegistry,
  signal: AbortSignal,
  onProgress: (done: number, total: number, file: string) => void,
): Promise<{ bundle: OpenedBundle; reply: OpenReply }> {
  let told = Number.NEGATIVE_INFINITY;
  const bundle = await openBundle(name, file, registry, {
    signal,
    onProgress: (done, total, path) => {
      if (performance.now() - told < PROGRESS_MS && done < total) return;
      told = performance.now();
      onProgress(done, total, path);
    },
  });
  const {
    config,
    mode,
    cpu,
    ownFiles,
    store,
    parameters,
    notes,
    warnings,
    chunk,
    buffers,
    shape,
    shaders,
    outcome,
    events,
    quality,
    place,
    loaded,
  } = bundle;
  const reply: OpenReply = {
    name: bundle.name,
    resultId: bundle.resultId,
    files: bundle.files,
    config,
    run: {
      mode,
      cpu,
      place,
      loaded,
      ownFiles,
      items: store.items().map(({ info }) => info),
      parameters,
      notes,
      warnings,
      chunk,
      chunks: outcome.progress.chunk.count,
      plan: buffers,
      shape,
      shaders,
    },
    outcome,
    summaries: store.summaries(),
    failed: store.failed(),
    quality,
    events,
  };
  return { bundle, reply };
}
