/** The oracles as their independent program wrote them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { decodeNpy } from '../../../src/bundle/npy.ts';
import { ZipReader } from '../../../src/bundle/read-zip.ts';
import type { MixtureTables } from '../../../src/workloads/cells/sampling/mixture-predictor.ts';

const numbers = v.array(v.number());
const rule = v.picklist(['euler', 'tweedie', 'origin', 'balanced']);
const schedule = v.picklist(['loglinear', 'geometric', 'none']);

const lawCase = v.object({
  rule,
  schedule,
  steps: v.number(),
  temperature: v.number(),
  start: v.optional(numbers),
  law: numbers,
});
const problem = v.object({
  name: v.string(),
  positions: v.number(),
  states: v.number(),
  joint: numbers,
  cases: v.array(lawCase),
});
const guidance = v.object({
  positions: v.number(),
  states: v.number(),
  class_joint: v.array(numbers),
  cases: v.array(v.object({ gamma: v.number(), steps: v.number(), law: numbers })),
});
const schedules = v.object({
  values: v.array(
    v.object({
      schedule: v.picklist(['loglinear', 'geometric']),
      t: v.number(),
      sigma: v.number(),
      rate: v.number(),
      alpha: v.number(),
    }),
  ),
  steps: v.array(
    v.object({
      schedule: v.picklist(['loglinear', 'geometric']),
      rule: v.picklist(['euler', 'tweedie', 'origin']),
      steps: v.number(),
      /** Of long grids the first four and the last four, with '...' between. */
      unmask_probability: v.array(v.union([v.number(), v.literal('...')])),
      left_for_denoise: v.number(),
      pair_shares_a_step: v.number(),
    }),
  ),
});

export type OracleProblem = v.InferOutput<typeof problem>;

const json = (folder: string, name: string): unknown =>
  JSON.parse(readFileSync(join(folder, 'oracle', `${name}.json`), 'utf8'));

export const PROBLEMS = ['chain3x3', 'cells4x4', 'random3x4', 'parity4x2'] as const;
export const readProblem = (folder: string, name: (typeof PROBLEMS)[number]) => v.parse(problem, json(folder, name));
export const readGuidance = (folder: string) => v.parse(guidance, json(folder, 'guidance'));
export const readSchedules = (folder: string) => v.parse(schedules, json(folder, 'schedules'));

/** Tables of `mixture/mixture.npz`. */
export async function readMixture(folder: string): Promise<MixtureTables> {
  const file = 'mixture.npz';
  const zip = await ZipReader.open(file, new Blob([readFileSync(join(folder, 'mixture', file))]));
  const array = async (name: string) => decodeNpy(name, await zip.bytes(`${name}.npy`, 2 ** 30));
  const [logPrior, logProb] = [await array('log_prior'), await array('log_prob')];
  const [classes, genes, bins] = logProb.shape;
  return { classes, genes, bins, logPrior: logPrior.data, logProb: logProb.data };
}
