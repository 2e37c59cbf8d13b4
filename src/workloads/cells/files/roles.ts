/** The user's files that a run of cells takes, in the order in which they are read. */
import { fileOf } from '../../file-role.ts';
import type { RunInputs } from '../../workload.ts';
import { dataRole } from './data-role.ts';
import { networkRole } from './network-role.ts';

export const cellsFiles = [dataRole, networkRole];

export const dataOf = (inputs: RunInputs) => fileOf(inputs, dataRole);
export const networkOf = (inputs: RunInputs) => fileOf(inputs, networkRole);
