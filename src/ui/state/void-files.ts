/** Files that tell of another one, e.g. true values of images: nothing says that they tell of its successor, too. */
import type { Experiment } from '../../workloads/workload.ts';
import type { Store } from './types.ts';

type Files = Store['files'];
type Held = NonNullable<Files[string]>;

/** What a file makes void by taking the place that another had in `files`: nothing where it is the same one, read again. */
export function voidFiles({ files: roles }: Pick<Experiment, 'files'>, files: Files, read: Held): readonly Held[] {
  const before = files[read.role];
  if (!before || before.sha256 === read.sha256) return [];
  return roles.flatMap(({ role, of }) => (of === read.role ? (files[role] ?? []) : []));
}
