/** Whether a run can go on here so that its result is the very one it would have had, and if not, why. */

import { ConfigError } from '../../workloads/workload.ts';
import type { RunController } from '../run/controller.ts';
import { arithmeticWords } from '../run/cpu-path.ts';
import { type CheckpointHead, type HeadFile, headOf, type Place } from './head.ts';

/** Why a run of `then` cannot be repeated bit by bit on `now`, in words; undefined where it can. */
export function placeObjection(then: Place, now: Place): string | undefined {
  if (then.version !== now.version) {
    return `It was begun by version ${then.version} of this program, and this is ${now.version}.`;
  }
  if (then.mode !== now.mode || then.adapter !== now.adapter) {
    return `It was begun on ${nameOf(then)}, and this is ${nameOf(now)}.`;
  }
  if (then.runtime !== now.runtime) return `It was begun in ${then.runtime}, and this is ${now.runtime}.`;
  return undefined;
}

/** @throws ConfigError for `field` where a run that had one file, or none, is given another */
export function requireSameFile(field: string, then: HeadFile | undefined, given: HeadFile | undefined): void {
  if (then?.sha256 === given?.sha256) {
    requireSameOptions(field, then, given);
    return;
  }
  const wanted = then ? `${then.name} (${then.sha256})` : 'no such file';
  const found = given ? `${given.name} (${given.sha256})` : 'none';
  throw new ConfigError(field, `this run began with ${wanted}, not with ${found}.`);
}

function requireSameOptions(field: string, then: HeadFile | undefined, given: HeadFile | undefined): void {
  const words = ({ options = {} }: Partial<HeadFile> = {}) =>
    Object.entries(options)
      .map(([name, value]) => `--${name} ${value}`)
      .sort()
      .join(' ') || 'no choice about it';
  if (words(then) === words(given)) return;
  throw new ConfigError(field, `this run read ${then?.name} with ${words(then)}, not with ${words(given)}.`);
}

function nameOf({ mode, adapter }: Place): string {
  return mode === 'cpu' ? 'the CPU' : (adapter ?? 'an unknown adapter');
}

/**
 * The run that a checkpoint is to be continued by must be that run.
 * @throws ConfigError for `resume`, or for the file of the user's that is another.
 */
export async function requireSameRun(head: CheckpointHead, run: RunController): Promise<void> {
  const now = await headOf(run.plan, run.problem, run.report?.name ?? null, run.startedAt);
  for (const { role } of run.plan.workload.files) requireSameFile(role, head.inputs[role], now.inputs[role]);
  requireSameFile('resume', head.loaded, now.loaded);
  const objection =
    placeObjection(head.place, now.place) ??
    (head.cpu && now.cpu && arithmeticWords(head.cpu) !== arithmeticWords(now.cpu)
      ? `It was computed by ${arithmeticWords(head.cpu)}, and here that would be ${arithmeticWords(now.cpu)}.`
      : undefined) ??
    (JSON.stringify(head.shape) !== JSON.stringify(now.shape)
      ? 'The shape of its kernels would be another here.'
      : undefined) ??
    (head.shaders !== now.shaders ? 'Its kernels have changed since.' : undefined) ??
    (head.items !== now.items
      ? `It has ${head.items} items, and its configuration now gives ${now.items}.`
      : undefined);
  if (objection) {
    throw new ConfigError('resume', `the run cannot go on here bit for bit. ${objection} Finished items are kept.`);
  }
}
