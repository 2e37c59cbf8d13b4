/** How a command ends: its exit code, and what standard error says where it ends with an error. */
import { describeError } from '../engine/errors.ts';
import type { Workload } from '../workloads/workload.ts';
import { flagOf } from './flags.ts';

/** 0 all items have results, 1 something failed, 2 the command is wrong, 130 interrupted: by another signal than Ctrl-C's, 128 and its number. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Thrown between two pieces of work of a command that an interrupt has come to. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** The exit code of what was thrown: wrong flags and files that cannot be used are the command's. */
export function exitOf(thrown: unknown): number {
  const { name } = describeError(thrown);
  return name === 'ConfigError' || name === 'FileError' ? EXIT.usage : EXIT.failed;
}

/**
 * The message for standard error: the flag at fault first, then what happened, what was kept, what to do.
 * @param workload whose parameters fields name; without it a field is a flag's own name
 */
export function explain(thrown: unknown, workload?: Workload): string {
  const { field, message, kept, todo } = describeError(thrown);
  const flag = field === undefined ? '' : `${workload ? (flagOf(workload, field) ?? field) : `--${field}`}: `;
  return `error: ${flag}${sentences(message, kept, todo)}`;
}

export function sentences(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(' ');
}
