import type { FileChoices } from './own-file.ts';

interface FileErrorOptions extends ErrorOptions {
  readonly choices?: FileChoices;
}

/** A file that cannot be used: which file, what is wrong with it, what to do. Nothing of it is kept. */
export class FileError extends Error {
  override readonly name = 'FileError';
  /** What has to be chosen so that it can be read; absent where that is of no help. */
  readonly choices?: FileChoices;
  constructor(
    /** Name of the file as the user knows it. */
    readonly file: string,
    /** What is wrong, as a clause without its full stop. */
    readonly what: string,
    /** What to do about it, a whole sentence. */
    readonly advice: string,
    { choices, ...options }: FileErrorOptions = {},
  ) {
    super(`${file}: ${what}. ${advice}`, options);
    this.choices = choices;
  }
}
