/** Whether a file that is written at the end of a long command can be written: asked before it begins. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError } from '../workloads/workload.ts';

/** Nothing is made or changed. Throws `ConfigError` for the flag; nothing is asked without a path. */
export async function requireWritable(flag: string, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const refuse = (reason: string) => new ConfigError(flag, `cannot write ${path}: ${reason} Nothing was begun.`);
  const folder = dirname(path);
  const above = await stat(folder).catch(() => undefined);
  if (!above) throw refuse(`the folder ${folder} does not exist; make it first.`);
  if (!above.isDirectory()) throw refuse(`${folder} is not a folder.`);
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) throw refuse('it is a folder; name a file in it.');
  await access(there ? path : folder, constants.W_OK).catch(() => {
    throw refuse(`${there ? 'the file' : `the folder ${folder}`} may not be written to.`);
  });
}
