/** All files of a bundle in memory, streamed ones put together. */

import { sortFiles, zipBundle } from '../../bundle/zip.ts';
import { wholeBundle } from '../files/bundle-files.ts';
import type { RunController } from '../run/controller.ts';

export async function collectBundle(run: RunController): Promise<{ files: Map<string, Uint8Array>; resultId: string }> {
  const bundle = await wholeBundle({ run, report: run.report });
  const files = new Map<string, Uint8Array>();
  for await (const file of bundle.files) {
    const pieces: Uint8Array[] = [];
    if ('bytes' in file) pieces.push(file.bytes);
    else for await (const piece of file.pieces) pieces.push(piece);
    files.set(file.path, Buffer.concat(pieces));
  }
  return { files, resultId: bundle.resultId() };
}

/** The same as one archive. */
export async function zippedBundle(run: RunController): Promise<Blob> {
  const { files } = await collectBundle(run);
  const entries = [...files].map(([path, bytes]) => ({ path, bytes: new Uint8Array(bytes) }));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of zipBundle(sortFiles(entries))) pieces.push(piece);
  return new Blob(pieces);
}
