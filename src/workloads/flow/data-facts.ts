/** What a run takes for granted of the user's observations. */
import type { DataFact, RunInputs } from '../workload.ts';
import { imagesOf, truthTableOf } from './files.ts';
import type { FlowTask } from './tasks/task.ts';

/** @param network name of the file that it comes from */
export function dataFacts(task: FlowTask, network: string, inputs: RunInputs): DataFact[] {
  const images = imagesOf(inputs);
  if (!images) return [];
  const truth = truthTableOf(inputs);
  const { data, xDim, title, parameters } = task;
  const what = data ? `images of ${data.shape.join(' × ')} pixels` : `${xDim} numbers each, in the order of the task`;
  return [
    { text: `Observations of the task ${title}: ${what}${truth ? `, true values from ${truth.name}` : ''}.` },
    { text: `Their units are those that the network was trained on (${network}).` },
    { text: `The prior of ${title} holds for ${parameters.join(', ')}.` },
  ];
}
