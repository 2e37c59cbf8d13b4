/** Whether a classifier tells generated cells from real ones. */
import { geneMoments } from '../../../stats/expression/moments.ts';
import { fitComponents, project } from '../../../stats/expression/pca.ts';
import { c2stSteps } from '../../../stats/two-sample/c2st.ts';
import type { Points } from '../../../stats/two-sample/points.ts';
import type { Steps } from '../../../stats/two-sample/steps.ts';
import { CLASSIFIER_METRIC } from './definitions.ts';
import { CLASSIFIER_CELLS, CLASSIFIER_COMPONENTS } from './limits.ts';
import type { Sample, Samples } from './sets.ts';
import { type MetricProgress, type MetricRow, orNull } from './types.ts';

/** Generated, training and independent cells; copies of one cell are told apart by anybody. */
export function* classifierRow(samples: Samples, seed: number): Steps<MetricProgress, MetricRow> {
  const components = fitComponents(geneMoments(samples.real.tokens), CLASSIFIER_COMPONENTS);
  const n = Math.min(samples.cells, CLASSIFIER_CELLS);
  const few = (sample: Sample): Points => {
    const { values, dim } = project(components, sample.tokens);
    return { values: Array.prototype.slice.call(values, 0, n * dim), dim };
  };
  const real = few(samples.real);
  const accuracies: number[] = [];
  const { generated, floor, baselines } = samples;
  const asked = [generated, floor, baselines.independent];
  for (const [done, sample] of asked.entries()) {
    const steps = c2stSteps(real, few(sample), seed);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) {
        accuracies.push(step.value.accuracy);
        break;
      }
      yield { metric: CLASSIFIER_METRIC.title, done, of: asked.length };
    }
  }
  const [value, ofFloor, independent] = accuracies.map(orNull);
  return { ...CLASSIFIER_METRIC, value, floor: ofFloor, baselines: { independent }, n, seed };
}
