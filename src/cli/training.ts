/** What commands that train a network have in common: what they go on from, where it is written, and how they tell of it. */
import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { TrainingReport } from '../nn/training/loop.ts';
import { ConfigError } from '../workloads/workload.ts';
import type { FlagValues } from './flag-values.ts';
import { duration, significant } from './reporter.ts';

/** Hours of training must not end at a folder that cannot be written to. */
export async function requireFolder(output: string): Promise<void> {
  await access(dirname(resolve(output)), constants.W_OK).catch((error: Error) => {
    throw new ConfigError('output', `cannot write ${output}: ${error.message}.`);
  });
}

/**
 * True where a training goes on from the checkpoint at `path`, false where one begins.
 * @param unfinished what to say where a checkpoint would be lost
 * @throws ConfigError where the checkpoint is missing, or something would be lost
 */
export function goesOn(values: FlagValues, output: string, path: string, unfinished: string): boolean {
  const there = existsSync(path);
  if (values.resume === true) {
    if (!there) throw new ConfigError('resume', `there is no unfinished training for ${output} (${path}).`);
    return true;
  }
  if (values.replace === true) return false;
  if (there) throw new ConfigError('output', unfinished);
  if (existsSync(output))
    throw new ConfigError(
      'output',
      `${output} is there already. Choose another file, or write over it with --replace.`,
    );
  return false;
}

type Flat = Readonly<Record<string, string | number>>;

/** @param advice what to do about a difference. @throws ConfigError where a training began with other flags */
export function requireSameRecipe(path: string, then: Flat, now: Flat, advice: string): void {
  const other = Object.keys(then).find((key) => then[key] !== now[key]);
  if (other === undefined) return;
  throw new ConfigError(other, `the training in ${path} began with ${then[other]}, not ${now[other]}. ${advice}`);
}

/** @param beside what is known beside the loss */
export function progressLine(report: TrainingReport, ...beside: readonly string[]): string {
  const { step, steps, loss, stepsPerSecond, etaMs, skipped, elapsedMs } = report;
  return [
    `${Math.floor((100 * step) / steps)} %`,
    `step ${step}/${steps}`,
    `loss ${Number.isFinite(loss) ? loss.toFixed(4) : '–'}`,
    ...beside,
    `${significant(stepsPerSecond)} steps/s${skipped > 0 ? ` (${skipped} skipped)` : ''}`,
    `${duration(elapsedMs)}${etaMs === null ? '' : `, ${duration(etaMs)} left`}`,
  ].join('  ');
}
