/** The bundle of a run as one zip, in pieces that never hold more than a few files in memory at a time. */
import { zipBundle } from '../bundle/zip.ts';
import { type RunRecord, wholeBundle } from '../engine/files/bundle-files.ts';
import type { ExportReply } from './engine-api.ts';

/**
 * Builds the archive of all finished items. Rejects with the signal's reason when aborted.
 * @param onProgress files done, files in all, path of the last one
 */
export async function exportBundle(
  record: RunRecord,
  signal: AbortSignal,
  onProgress: (done: number, total: number, file: string) => void,
): Promise<ExportReply> {
  const bundle = await wholeBundle(record);
  const pieces: Blob[] = [];
  let open: Uint8Array<ArrayBuffer>[] = [];
  let openBytes = 0;
  const close = () => {
    pieces.push(new Blob(open));
    open = [];
    openBytes = 0;
  };
  const zip = zipBundle(bundle.files, {
    signal,
    onProgress: ({ files, path }) => onProgress(files, bundle.count, path),
  });
  for await (const bytes of zip) {
    open.push(bytes);
    openBytes += bytes.length;
    if (openBytes >= record.run.plan.sizes['bundle.exportBytes']) close();
  }
  close();
  const { plan, startedAt } = record.run;
  const began = startedAt.toISOString().replace(/[-:]|\.\d+/g, '');
  return {
    name: `run-${began}-${plan.workload.id}-${bundle.resultId().slice('sha256:'.length, 'sha256:'.length + 8)}.zip`,
    blob: new Blob(pieces, { type: 'application/zip' }),
    files: bundle.count,
  };
}
