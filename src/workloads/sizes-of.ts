/** Which entries of the batch table an experiment has to do with: its own, and those that all share, or all of its kind of results. */
import type { BatchEntry } from '../batch/entry.ts';
import { batchTable, type SizeKey } from '../batch/table.ts';
import { knownExperiments } from './known.ts';
import { listedExperiments } from './listed.ts';

type Entry = BatchEntry & { readonly key: SizeKey };

/** The experiment whose entry it is, by the first word of its key; undefined for one that all share. */
function ownerOf({ key }: BatchEntry) {
  return listedExperiments.find(({ id }) => key.startsWith(`${id}.`));
}

/** @param id of an experiment */
export function sizesOf(id: string): readonly Entry[] {
  const kind = knownExperiments.find((experiment) => experiment.id === id)?.results.kind;
  return batchTable.filter((entry: Entry) => (ownerOf(entry)?.id ?? id) === id && (entry.results ?? kind) === kind);
}

/** The whole table, without the entries of experiments that no list shows. */
export function listedSizes(): readonly Entry[] {
  return batchTable.filter((entry) => !ownerOf(entry)?.hidden);
}
