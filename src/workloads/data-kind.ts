import type { DataKind } from '../bundle/data-words.ts';
import type { Experiment } from './workload.ts';

/** What an experiment takes a file of data to be. */
export function dataKind({ dataInRows }: Pick<Experiment, 'dataInRows'>): DataKind {
  return dataInRows ? 'rows' : 'images';
}
