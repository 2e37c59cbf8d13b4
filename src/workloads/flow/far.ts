/** Observations that no simulation came near: a network answers for them, too, and its answer means nothing. */
import type { ImageStack } from '../../bundle/images.ts';
import type { RunInputs } from '../workload.ts';
import { imagesOf } from './files.ts';
import { flowItems } from './items.ts';
import { standardisedObservation, type VelocityModel } from './model.ts';
import type { FlowParams } from './params.ts';
import type { FlowTask } from './tasks/task.ts';

/** Data farther than this from the mean of the simulations, in their standard deviations, were hardly ever seen in training. */
const FAR = 6;
const NAMED = 3;

/** What was said of a file, and of which network: a plan is asked for with every move of a slider. */
const said = new WeakMap<ImageStack, { readonly model: VelocityModel; readonly warnings: readonly string[] }>();

export function isFar(context: Float32Array): boolean {
  return distanceOf(context) > FAR;
}

/** Of the user's observations, standardised. */
export function farWarnings(file: string, contexts: readonly Float32Array[]): string[] {
  const bad = contexts
    .map((context, index) => ({ index, far: distanceOf(context) }))
    .filter(({ far }) => far > FAR)
    .toSorted((a, b) => b.far - a.far);
  if (bad.length === 0) return [];
  const named = bad.slice(0, NAMED).map(({ index, far }) => `${index} (${far.toFixed(1)})`);
  return [
    `${bad.length} of ${contexts.length} observations lie more than ${FAR} standard deviations from the simulations that the network was trained on, farthest ${named.join(', ')}: their posteriors mean nothing. Check order and units of the columns of ${file}.`,
  ];
}

/** The same before a run is prepared. Silent about observations that cannot be used at all: the run says so. */
export function farObservations(
  task: FlowTask,
  model: VelocityModel,
  params: FlowParams,
  inputs: RunInputs,
): readonly string[] {
  const images = imagesOf(inputs);
  if (!images) return [];
  const known = said.get(images);
  if (known?.model === model) return known.warnings;
  const { items, observation } = flowItems(task, params, 0, { files: { images } });
  const contexts = items.flatMap(({ index }) => {
    try {
      return [standardisedObservation(model, observation(index))];
    } catch (error) {
      if (error instanceof RangeError) return [];
      throw error;
    }
  });
  const warnings = contexts.length < items.length ? [] : farWarnings(images.name, contexts);
  said.set(images, { model, warnings });
  return warnings;
}

/** Of the datum that lies farthest from the simulations' mean, in their standard deviations. */
function distanceOf(context: Float32Array): number {
  return context.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
