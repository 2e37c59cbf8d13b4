import type { Experiment } from '../../workloads/workload.ts';

type Names = Pick<Experiment, 'itemName' | 'workName'>;

/** What items and work of two runs are called: "realizations or observations" where their experiments differ. */
export function namesOfBoth(a: Names, b: Names): Names {
  const both = (p: string, q: string) => (p === q ? p : `${p} or ${q}`);
  return {
    itemName: { one: both(a.itemName.one, b.itemName.one), many: both(a.itemName.many, b.itemName.many) },
    workName: both(a.workName, b.workName),
  };
}
