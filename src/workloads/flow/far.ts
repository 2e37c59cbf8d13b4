/** Observations of the user's that the simulator hardly ever makes: a network answers for them, too, and its answer means nothing. */
import type { ImageStack } from '../../bundle/images.ts';
import { IMPROBABLE, isImprobable } from '../../results/posterior/predictive.ts';
import type { RunInputs } from '../workload.ts';
import { imagesOf } from './files.ts';
import { flowItems } from './items.ts';
import type { FlowParams } from './params.ts';
import { priorPredictive } from './prior-predictive.ts';
import type { FlowTask } from './tasks/task.ts';

/** Observations that are looked at before a run: up to half a second. The run looks at all. */
const LOOKED_AT = 10_000;
const NAMED = 3;

/** What was said of a file, and for which task: a plan is asked for with every move of a slider. */
const said = new WeakMap<ImageStack, { readonly task: FlowTask; readonly warnings: readonly string[] }>();

/** @param x as it was measured: not standardised */
export function isFar(task: FlowTask, x: ArrayLike<number>): boolean {
  return isImprobable(priorPredictive(task).pValue(x));
}

/** Of the user's observations. Silent about those that cannot be used at all: the run says so. */
export function farObservations(task: FlowTask, params: FlowParams, inputs: RunInputs): readonly string[] {
  const images = imagesOf(inputs);
  if (!images) return [];
  const known = said.get(images);
  if (known?.task === task) return known.warnings;
  const { items, observation } = flowItems(task, params, 0, { files: { images } });
  const { pValue } = priorPredictive(task);
  const far = items
    .slice(0, LOOKED_AT)
    .flatMap(({ index }) => (isImprobable(pValue(observation(index))) ? [index] : []));
  const warnings = far.length === 0 ? [] : [warning(images.name, far, items.length)];
  said.set(images, { task, warnings });
  return warnings;
}

function warning(file: string, far: readonly number[], count: number): string {
  const looked = Math.min(count, LOOKED_AT);
  const of = looked < count ? `the first ${looked.toLocaleString('en-US')}` : count.toLocaleString('en-US');
  const chance = Math.round(IMPROBABLE * looked);
  const bound = `p ≤ ${IMPROBABLE}${chance > 0 ? `, which chance alone makes about ${chance} of them` : ''}`;
  const one = far.length === 1;
  const named = far.slice(0, NAMED).join(', ') + (far.length > NAMED ? ` and ${far.length - NAMED} more` : '');
  return `${far.length} of ${of} ${count === 1 ? 'observation' : 'observations'} ${one ? 'is' : 'are'} unlike anything that prior and simulator make (${bound}): ${one ? 'number' : 'numbers'} ${named}, counted from 0. ${one ? 'Its posterior means' : 'Their posteriors mean'} nothing. Check order and units of the columns of ${file}.`;
}
