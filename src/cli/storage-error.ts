/** Why something cannot be written, in a person's words. */

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EFBIG: 'it would be larger than a file may be here',
  EROFS: 'the disk can only be read',
  EACCES: 'this is not permitted',
  EPERM: 'this is not permitted',
  EIO: 'the disk does not answer as it should',
  ENOENT: 'its folder is gone',
  EEXIST: 'something else is in the place of its folder',
  ENOTDIR: 'something else is in the place of its folder',
};

/** Errors of the system by what they mean, all others as they are. */
export function plainCause(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words = code === undefined ? undefined : WORDS[code];
  return words ? `${words} (${code})` : message;
}
