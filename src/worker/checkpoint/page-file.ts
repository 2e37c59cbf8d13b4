/** What the page needs to show a run that cannot go on: kept beside the head, so that either can be damaged alone. */
import { DamagedError, openFrame, sealFrame } from '../../engine/checkpoint/frame.ts';
import type { RunConfig } from '../../engine/config/run-config.ts';
import type { RunReply } from '../run-reply.ts';

export const PAGE_FILE = 'page.lockstep';

export interface PageFile {
  readonly kind: 'page';
  /** What the history will call it. */
  readonly title: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly config: RunConfig;
  readonly reply: RunReply;
  /** Of the head: chunks of the run have it, whatever became of the head itself. */
  readonly seal: string;
}

export function encodePageFile(page: PageFile): Promise<Uint8Array[]> {
  return sealFrame(page);
}

/** @throws DamagedError */
export function decodePageFile(bytes: Uint8Array<ArrayBuffer>): PageFile {
  const { header } = openFrame(bytes);
  if ((header as PageFile | null)?.kind === 'page') return header as PageFile;
  throw new DamagedError('it holds no run');
}
