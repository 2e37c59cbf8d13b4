/** The exact posterior of one observation, for the page to hold samples against. */
import { parseRunConfig } from '../../../engine/config/run-config.ts';
import { keyOfSeed } from '../../../stats/threefry.ts';
import type { ExactWish } from '../../../worker/exact-types.ts';
import type { Job, JobSetting } from '../../../worker/jobs.ts';
import { ConfigError, type RunInputs } from '../../workload.ts';
import { exactDraws } from '../exact-draws.ts';
import { columnNames, flowItems } from '../items.ts';
import { readFlowParams } from '../params.ts';
import { taskOf } from '../tasks/index.ts';
import type { ExactReply, ExactTypes } from './look-types.ts';

/** Observations that a list offers at most. */
const MOST_NAMES = 500;
/** Second word of the key: no other draw of the page has it. */
const EXACT_KEY = 0x6c6f6f6b; // "look"

export function exactJob(setting: JobSetting): Job<ExactTypes> {
  return {
    async start({ config, ...wish }) {
      const parsed = parseRunConfig(config, setting.registry);
      return { reply: exactPosterior({ ...wish, config: parsed }, setting.inputs) };
    },
  };
}

/** Needs no network. Throws `ConfigError` where there is no such task or observation. */
export function exactPosterior({ config, item, samples }: ExactWish, inputs: RunInputs): ExactReply {
  const params = readFlowParams(config.params);
  const task = taskOf(params.task);
  if (!task) throw new ConfigError('params.task', `Task (task): there is no task "${params.task}".`);
  const { items, observation } = flowItems(task, params, config.seed, inputs);
  const info = items[item];
  if (!info) throw new ConfigError('item', `There is no observation ${item}: there are ${items.length}.`);
  const x = Array.from(observation(item));
  const about = {
    runId: info.runId,
    names: items.slice(0, MOST_NAMES).map(({ runId }) => runId),
    parameters: columnNames(task),
    prior: task.prior,
    x,
    truth: info.truth,
  };
  try {
    return { ...about, draws: exactDraws(task, x, samples, [keyOfSeed(config.seed)[0], EXACT_KEY]) };
  } catch (thrown) {
    return {
      ...about,
      draws: undefined,
      reason: `${info.runId}: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
    };
  }
}
