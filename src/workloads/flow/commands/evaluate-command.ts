/** `lockstep evaluate`: C2ST of networks for any solvers, steps and precisions, as a table. */
import { basename } from 'node:path';
import { guessMemoryClass } from '../../../batch/memory-class.ts';
import { sizesFor } from '../../../batch/sizes.ts';
import { align } from '../../../cli/align.ts';
import { EXIT, StoppedError } from '../../../cli/exit.ts';
import { type FlagValues, textOf, textsOf, wholeFrom, wholeOf } from '../../../cli/flag-values.ts';
import { openGpu } from '../../../cli/gpu.ts';
import { Reporter } from '../../../cli/reporter.ts';
import type { RunIo } from '../../../cli/run-io.ts';
import { readWhole, writeWhole } from '../../../cli/whole-file.ts';
import type { NetPrecision } from '../../../nn/mlp-kernel.ts';
import { ConfigError } from '../../workload.ts';
import type { SamplingSettings } from '../evaluation/evaluate.ts';
import {
  type EvaluatedNetwork,
  TABLE_HEADER,
  tableCells,
  tableCsv,
  tableMarkdown,
  withEvaluation,
} from '../evaluation/table.ts';
import { defaultSteps, type Solver } from '../sampling/solvers.ts';
import { taskOf } from '../tasks/index.ts';
import { priorPredictive } from '../tasks/observations.ts';
import type { FlowTask } from '../tasks/task.ts';
import { checkPrecision } from '../training/check-recipe.ts';
import { decodeNetwork, encodeNetwork } from '../weights/network-file.ts';
import { evaluateOnTerminal } from './evaluation-run.ts';
import { hmcCommand } from './hmc-command.ts';

/** The task's own observations, its first ones; or, where that is above 0, so many of the prior predictive. */
export interface WhichObservations {
  readonly observations: number;
  readonly predictive: number;
}

/** Most observations that are evaluated. */
const MOST_OBSERVATIONS = 100;

/** The observations of a task that were asked for. */
export const observationsFor = (task: FlowTask, { observations, predictive }: WhichObservations) =>
  predictive > 0 ? priorPredictive(task, predictive) : task.observations.slice(0, observations);

export const EVALUATION = { solver: 'midpoint', steps: 10, observations: 5, samples: 10_000, seed: 1 } as const;

/** Of the prior predictive; 0 where they are not asked for. */
export function predictiveOf(values: FlagValues): number {
  return textOf(values, 'priorPredictive') === undefined
    ? 0
    : wholeOf(values, 'priorPredictive', 0, 1, MOST_OBSERVATIONS);
}

/** Evaluates and resolves to the exit code; an interrupted evaluation prints the networks that it has finished. */
export async function evaluateCommand(values: FlagValues, io: RunIo): Promise<number> {
  const reporter = new Reporter(io.err, values.quiet === true);
  const settings = settingsOf(values);
  const samples = wholeOf(values, 'nSamples', EVALUATION.samples, 10, 1_000_000);
  const observations = wholeOf(values, 'nObservations', EVALUATION.observations, 1, MOST_OBSERVATIONS);
  const predictive = predictiveOf(values);
  const seed = wholeOf(values, 'seed', EVALUATION.seed, 0, 2 ** 32 - 1);
  const networks = [];
  for (const path of textsOf(values, 'network', '')) networks.push(await readNetwork(path));
  const stamps = textOf(values, 'hmc');
  if (stamps !== undefined)
    return await hmcCommand({ stamps, networks, settings, samples, seed }, values, io, reporter);
  const device = await openGpu((textOf(values, 'backend') ?? 'auto') as 'auto' | 'vulkan');
  let stopped = false;
  const release = io.onInterrupt(() => {
    stopped = true;
  });
  const evaluated: EvaluatedNetwork[] = [];
  try {
    const { gpu } = device;
    for (const { precision } of settings) checkPrecision(precision, gpu.report);
    reporter.say(
      `Evaluating on ${gpu.report.name}: ${predictive > 0 ? `${predictive} observations from the prior predictive` : `${observations} observations`}, ${samples} samples on either side.`,
    );
    for (const { path, name, network, task } of networks) {
      const options = { gpu, task, model: network.model, settings, samples, seed };
      const evaluations = await evaluateOnTerminal(
        {
          ...options,
          observations: observationsFor(task, { observations, predictive }),
          selfControl: values.skipSelfControl !== true,
          sizes: sizesFor(guessMemoryClass(gpu.report)),
        },
        reporter,
        () => stopped,
      );
      evaluated.push({ name, network, evaluations });
      if (values.record !== true) continue;
      const provenance = withEvaluation(network.provenance, evaluations[0]);
      await writeWhole('network', path, encodeNetwork({ ...network, provenance }));
    }
  } catch (thrown) {
    if (!(thrown instanceof StoppedError)) throw thrown;
  } finally {
    release();
    device.release();
  }
  reporter.clear();
  for (const line of align([TABLE_HEADER, ...tableCells(evaluated)])) io.out.write(`${line}\n`);
  const [markdown, csv] = [textOf(values, 'markdown'), textOf(values, 'csv')];
  if (markdown !== undefined) await writeWhole('markdown', markdown, tableMarkdown(evaluated));
  if (csv !== undefined) await writeWhole('csv', csv, tableCsv(evaluated));
  return stopped ? EXIT.interrupted : EXIT.ok;
}

/** Every solver with every number of steps, or its own, and every precision. */
function settingsOf(values: FlagValues): SamplingSettings[] {
  const given = textsOf(values, 'steps').map((text) => wholeFrom('steps', text, 1, 10_000));
  const precisions = textsOf(values, 'precision', 'f32') as readonly NetPrecision[];
  return (textsOf(values, 'solver', EVALUATION.solver) as readonly Solver[]).flatMap((solver) =>
    (given.length > 0 ? given : [defaultSteps(solver)]).flatMap((count) =>
      precisions.map((precision) => ({ solver, steps: count, precision })),
    ),
  );
}

async function readNetwork(path: string) {
  const network = decodeNetwork(path, await readWhole('network', path));
  const task = taskOf(network.model.task.id);
  if (task) return { path, name: basename(path), network, task };
  throw new ConfigError(
    'network',
    `${path} is for the task "${network.model.task.id}", whose exact posterior is not known here.`,
  );
}
