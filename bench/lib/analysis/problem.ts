/** What everybody differentiates: the model that ships and its stories, cut to one length, as suits those best who would have to pad. */

import type { Graph } from '../../../src/nn/graph/graph.ts';
import { openGraph } from '../../../src/nn/graph/load.ts';
import type { DecoderSpec } from '../../../src/nn/transformer/spec.ts';
import { gaussLegendre } from '../../../src/stats/attribution/quadrature.ts';
import { threefryWord } from '../../../src/stats/threefry.ts';
import { analysedTexts, shippedStories } from '../../../src/workloads/analysis/texts.ts';
import { shippedModel } from '../../../src/workloads/language-models/shipped-model.ts';

/** The gradient of the loss, integrated gradients, and the Hessian times a vector. */
export const QUANTITIES = ['gradient', 'integrated gradients', 'Hessian · vector'] as const;
export type Quantity = (typeof QUANTITIES)[number];

export interface ProblemOptions {
  /** Predictions of a text: texts have one token more. */
  readonly length: number;
  /** Texts of the loss. */
  readonly texts: number;
  /** Texts and nodes of integrated gradients. */
  readonly pathTexts: number;
  readonly nodes: number;
}

export interface AnalysisProblem extends ProblemOptions {
  readonly graph: Graph;
  readonly spec: DecoderSpec;
  readonly theta: Float32Array<ArrayBuffer>;
  /** [text][length + 1] */
  readonly ids: readonly (readonly number[])[];
  /** Direction of the product, of norm 1. */
  readonly direction: Float32Array<ArrayBuffer>;
  /** Gauss–Legendre on (0, 1). */
  readonly rule: { readonly nodes: readonly number[]; readonly weights: readonly number[] };
  /** Id whose embedding every path begins with. */
  readonly pad: number;
}

/** @throws RangeError where too few stories are long enough */
export async function analysisProblem(options: ProblemOptions): Promise<AnalysisProblem> {
  const { length, texts, pathTexts, nodes } = options;
  const model = await shippedModel();
  const { graph, spec, theta } = await openGraph(model.files);
  const most = Math.max(texts, pathTexts);
  const { items } = await analysedTexts(shippedStories(4 * most), model, length + 1);
  const ids = items.flatMap((item) => (item.ids?.length === length + 1 ? [item.ids] : [])).slice(0, most);
  if (ids.length < most) {
    const lengths = items.map((item) => item.ids?.length ?? 0).sort((a, b) => b - a);
    throw new RangeError(`${ids.length} of ${lengths.length} stories have ${length + 1} tokens; lengths: ${lengths}`);
  }
  const normals = Float32Array.from({ length: graph.size }, (_, i) => threefryWord(11, 1, i, 0) / 2 ** 31 - 1);
  const norm = Math.sqrt(normals.reduce((sum, each) => sum + each ** 2, 0));
  const rule = gaussLegendre(nodes);
  return {
    ...options,
    graph,
    spec,
    theta: await theta(),
    ids,
    direction: normals.map((each) => each / norm),
    rule: { nodes: [...Array.from(rule.nodes)], weights: [...Array.from(rule.weights)] },
    pad: 0,
  };
}

/**
 * FLOP of a quantity by the usual count: F = 2 · tokens · matrices + 2 · L · T² · d a text forward (half of the T² is masked), back to inputs as
 * much again, with weights twice; forward and back along a direction as often again for each product's two terms (`analysis.md`: 3F, 2F, 9F).
 */
export function flopOf({ graph, spec, length, texts, pathTexts, nodes }: AnalysisProblem, quantity: Quantity): number {
  const matrices = graph.operations.reduce((sum, op) => sum + (op.kind === 'linear' ? op.inputs * op.outputs : 0), 0);
  const logits = spec.width * spec.vocabulary;
  const attention = 2 * spec.layers * length ** 2 * spec.width;
  const forward = 2 * length * matrices + attention;
  if (quantity === 'integrated gradients') return pathTexts * nodes * 2 * (forward - 2 * length * logits);
  return texts * (quantity === 'gradient' ? 3 : 9) * forward;
}
