/** The sampler as an ONNX model: a step of the solver, or all of them. The network in it is the one of our own CPU path. */
import { addMlp, addMlpWeights } from '../../../src/nn/mlp/onnx.ts';
import { OnnxGraph } from '../../../src/nn/onnx-graph.ts';
import { type FlowProblem, SAMPLING, stepTimes, timeFeatures } from './problem.ts';

/** What a call of the model does: a step of the solver (times are inputs t0, t1), or all of them. */
export type OnnxScope = 'step' | 'all steps';

/** Inputs x [batch, D] and context [batch, C] (and t0, t1 [1, 11] of a step); output `end` [batch, D]. */
export function onnxModel(problem: FlowProblem, batch: number, scope: OnnxScope): Uint8Array {
  const { model } = problem;
  const { thetaDimension: d, xDimension: c } = model.task;
  const graph = new OnnxGraph();
  addMlpWeights(graph, model.net, model.weights);
  const h = 1 / SAMPLING.steps;
  graph.constant('step', [], Float32Array.of(h));
  graph.constant('half step', [], Float32Array.of(h / 2));
  const times = timeFeatures(problem, 0).length;
  graph.constant('time shape', [2], BigInt64Array.of(BigInt(batch), BigInt(times)));

  const velocity = (x: string, time: string, id: string) => {
    const wide = graph.node('Expand', [time, 'time shape'], `${id} time`);
    const features = graph.node('Concat', [x, wide, 'context'], `${id} features`, { axis: 1 });
    return addMlp(graph, model.net, features, id);
  };
  const midpoint = (x: string, t0: string, t1: string, id: string, to: string) => {
    const first = graph.node('Mul', [velocity(x, t0, `${id} k1`), 'half step'], `${id} half`);
    const middle = graph.node('Add', [x, first], `${id} middle`);
    const second = graph.node('Mul', [velocity(middle, t1, `${id} k2`), 'step'], `${id} whole`);
    return graph.node('Add', [x, second], to);
  };
  graph.input('x', [batch, d]);
  graph.input('context', [batch, c]);
  graph.output('end', [batch, d]);
  if (scope === 'step') {
    graph.input('t0', [1, times]);
    graph.input('t1', [1, times]);
    midpoint('x', 't0', 't1', 'only', 'end');
  } else {
    let x = 'x';
    for (let step = 0; step < SAMPLING.steps; step++) {
      const [t0, t1] = stepTimes(step).map((t, i) =>
        graph.constant(`time ${step} ${i}`, [1, times], timeFeatures(problem, t)),
      );
      x = midpoint(x, t0, t1, `${step}`, step === SAMPLING.steps - 1 ? 'end' : `${step} end`);
    }
  }
  return graph.encode();
}
