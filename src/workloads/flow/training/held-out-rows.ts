/** Rows of flow matching that no training has seen, as other programs and experiments read them: inputs of a network, then its targets. */
import type { RandomKey } from '../../../stats/threefry.ts';
import { type FlowTask, simulateOnShoulders } from '../tasks/task.ts';
import type { NetworkFile } from '../weights/network-file.ts';
import { velocityRow } from './row.ts';

/** Second words of the keys: neither those of a training nor of observations. */
const ROW_KEY = 0x726f77; // "row"
const ROW_SIMULATION_KEY = 0x726f73; // "ros"

/**
 * [count][inputs + outputs], rounded to 32 bits. The first rows do not depend on how many there are. Times and shoulders are those of the
 * network's training.
 */
export function heldOutRows(
  { model, provenance }: NetworkFile,
  task: FlowTask,
  count: number,
  seed: number,
): Float32Array<ArrayBuffer> {
  const { timePower = 1, shoulder = 0 } = provenance;
  const { inputs, outputs } = model.net;
  const width = inputs + outputs;
  const rows = new Float32Array(count * width);
  const key: RandomKey = [seed >>> 0, ROW_KEY];
  const simulation = (word: number) => simulateOnShoulders(task, shoulder, [seed >>> 0, ROW_SIMULATION_KEY], word);
  for (let row = 0; row < count; row++) {
    const made = velocityRow({ ...model, timePower }, simulation, key, row);
    rows.set([...made.inputs, ...made.target], row * width);
  }
  return rows;
}
