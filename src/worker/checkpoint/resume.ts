/** Runs that were cut short: the list, one of them opened to go on, one given up. */
import { bytesOf } from '../../bundle/file-folder.ts';
import type { FileOptions, OwnFiles } from '../../bundle/own-file.ts';
import { formatBytes } from '../../engine/bytes.ts';
import { chunkHeader } from '../../engine/checkpoint/chunk.ts';
import { chunkNumber, HEAD_FILE, IN_FLIGHT_FILE } from '../../engine/checkpoint/files.ts';
import { peekFrame, peekSeal } from '../../engine/checkpoint/frame.ts';
import { type CheckpointHead, checkpointHead, type Place } from '../../engine/checkpoint/head.ts';
import { type Checkpoint, readCheckpoint } from '../../engine/checkpoint/read.ts';
import { placeObjection } from '../../engine/checkpoint/same-run.ts';
import { canTellLive, holdRun, isLive } from './lock.ts';
import { checkpointIds, OpfsFiles, removeCheckpoint } from './opfs-files.ts';
import type { ResumableRun } from './types.ts';

/** Name of a file of the user's inside a checkpoint. */
export const inputFile = (role: string) => `${role}.input`;

/** A checkpoint that this tab holds now. */
export interface OpenedCheckpoint {
  readonly id: string;
  readonly checkpoint: Checkpoint;
  /** The user's own files. */
  readonly files: readonly {
    readonly role: string;
    readonly name: string;
    readonly bytes: ArrayBuffer;
    readonly options?: FileOptions;
  }[];
  /** Lets go of it without running. */
  release(): void;
}

/** A run that cannot go on now. */
export class ResumeError extends Error {
  override readonly name = 'ResumeError';
  constructor(
    message: string,
    readonly kept: string,
    readonly todo: string,
  ) {
    super(message);
  }
}

/** Runs that no tab is running, the latest first; none where the browser keeps no files. Only headers are read. */
export async function listResumable(now: Place): Promise<ResumableRun[]> {
  const ids = await checkpointIds().catch(() => []);
  const runs = await Promise.all(ids.map((id) => describe(id, now).catch(() => undefined)));
  return runs.filter((run) => run !== undefined).sort((a, b) => b.lastAt - a.lastAt);
}

async function describe(id: string, now: Place): Promise<ResumableRun | undefined> {
  if (await isLive(id)) return undefined;
  const opfs = await OpfsFiles.open(id);
  const names = await opfs.names();
  const files = await Promise.all(names.map((name) => opfs.file(name)));
  const chunks = files.filter(({ name }) => chunkNumber(name) !== undefined);
  const headFile = files.find(({ name }) => name === HEAD_FILE);
  const seal = headFile && (await peekSeal(headFile));
  const done = new Set<number>();
  for (const file of chunks) {
    const header = await peekFrame(file).then(chunkHeader, () => undefined);
    if (seal === undefined || header?.head === seal) for (const { info } of header?.items ?? []) done.add(info.index);
  }
  // Nothing had finished and nothing of what was under way was kept, so nothing is lost.
  if (chunks.length === 0 && !names.includes(IN_FLIGHT_FILE)) return removeCheckpoint(id).then(() => undefined);
  const head = headFile && (await peekFrame(headFile).then(checkpointHead, () => undefined));
  return {
    id,
    title: head?.title ?? `A run of ${id.slice(0, 'YYYYMMDD'.length)}`,
    many: head?.itemName.many ?? 'items',
    items: head?.items ?? done.size,
    done: done.size,
    lastAt: Math.max(...files.map(({ lastModified }) => lastModified)),
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    objection: objectionTo(head, now),
    ...(canTellLive() ? {} : { unsure: true as const }),
  };
}

function objectionTo(head: CheckpointHead | undefined, now: Place): string | undefined {
  return head ? placeObjection(head.place, now) : 'The file that says how it was configured is damaged.';
}

/**
 * Reads a checkpoint and holds it against other tabs.
 * @throws ResumeError where another tab has it, or where it is gone or damaged.
 */
export async function openCheckpoint(id: string): Promise<OpenedCheckpoint> {
  const release = await holdRun(id);
  if (!release) {
    throw new ResumeError(
      'Another tab is running it.',
      'Its results are in that tab.',
      'Look there, or close that tab.',
    );
  }
  try {
    const opfs = await OpfsFiles.open(id);
    const checkpoint = await readCheckpoint(opfs);
    const files = [];
    for (const [role, input] of Object.entries(checkpoint.head.inputs)) {
      if (!input || input.folder) continue;
      const bytes = await (await opfs.file(inputFile(role))).arrayBuffer();
      files.push({ role, name: input.name, bytes, options: input.options });
    }
    return { id, checkpoint, files, release };
  } catch (error) {
    release();
    throw new ResumeError(
      `This run cannot be resumed: ${(error as Error).message}.`,
      'What it has finished is still in the browser.',
      'Keep its finished items in the history, or discard it.',
    );
  }
}

/**
 * The roles of the folders that a run took: a checkpoint has no copy of them, so the very same ones must be there.
 * @param title of the experiment @param there what is there by role
 * @throws ResumeError that says which folder to give
 */
export function requireFolders({ inputs }: CheckpointHead, title: string, there: OwnFiles): readonly string[] {
  const taken = Object.entries(inputs).filter(([, input]) => input?.folder);
  for (const [role, input] of taken) {
    const { name, sha256, folder } = input!;
    const now = there[role];
    if (now?.sha256 === sha256) continue;
    const { length } = folder!;
    throw new ResumeError(
      `This run reads in the folder ${name} (${formatBytes(bytesOf(folder!))} in ${length} ${length === 1 ? 'file' : 'files'}), of which no copy is made` +
        `${now ? `, and ${now.name} holds other files or other bytes` : ''}.`,
      'What it has finished is still in the browser.',
      `Choose ${title}, drop that folder on the page, then resume.`,
    );
  }
  return taken.map(([role]) => role);
}

/** Gives up a run and what it has finished. @throws ResumeError where another tab runs it. */
export async function discardCheckpoint(id: string): Promise<void> {
  const release = await holdRun(id);
  if (!release) {
    throw new ResumeError('Another tab is running it.', 'It was not discarded.', 'Stop it there first.');
  }
  await removeCheckpoint(id).finally(release);
}
