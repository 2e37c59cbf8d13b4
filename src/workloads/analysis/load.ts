/** Model, θ and texts of a run, with all that computes. Loaded with the first use of the experiment. */

import type { Graph } from '../../nn/graph/graph.ts';
import { openGraph } from '../../nn/graph/load.ts';
import type { LoadedModel } from '../language-models/model.ts';
import { shippedModel } from '../language-models/shipped-model.ts';
import type { ParamValues } from '../params.ts';
import type { RunInputs } from '../workload.ts';
import type { AnalysedModel } from './analysed.ts';
import { configured, stagesOf } from './configured.ts';
import { modelOf, pathOf, textsOf } from './files/roles.ts';
import { readAnalysisParams } from './params.ts';
import { type AnalysedTexts, analysedTexts, SHIPPED, shippedStories } from './texts.ts';

export interface LoadedAnalysis extends AnalysedModel {
  /** What configures a run once model and texts are there. */
  readonly code: { readonly configured: typeof configured; readonly stagesOf: typeof stagesOf };
}

interface Weights {
  readonly graph: Graph;
  readonly theta: Float32Array;
}

/** Of the latest model, and the texts of the latest question: plans are asked for with every change of the form. */
let weights: { readonly key: string; readonly found: Promise<Weights> } | undefined;
let texts: { readonly key: string; readonly found: Promise<AnalysedTexts> } | undefined;

/** @throws ConfigError where model and texts do not go together; FileError for a file that is damaged */
export async function loadAnalysis(values: ParamValues, inputs: RunInputs): Promise<LoadedAnalysis> {
  const params = readAnalysisParams(values);
  const model = modelOf(inputs) ?? (await shippedModel());
  if (weights?.key !== model.sha256) {
    const found = readWeights(model);
    const key = model.sha256;
    weights = { key, found };
    // What is wrong now may be right later.
    found.catch(() => {
      if (weights?.found === found) weights = undefined;
    });
  }
  const { graph, theta } = await weights.found;
  const own = textsOf(inputs);
  const key = JSON.stringify([model.sha256, own?.sha256 ?? params.stories, params.longest]);
  if (texts?.key !== key) {
    const found = analysedTexts(own?.texts ?? shippedStories(params.stories), model, params.longest);
    texts = { key, found };
    found.catch(() => {
      if (texts?.found === found) texts = undefined;
    });
  }
  const { name, sha256 } = model;
  return {
    name,
    sha256,
    code: { configured, stagesOf },
    model,
    graph,
    theta,
    path: pathOf(inputs, graph),
    texts: await texts.found,
    from: own?.name ?? SHIPPED,
  };
}

async function readWeights(model: LoadedModel): Promise<Weights> {
  const { graph, theta } = await openGraph(model.files);
  return { graph, theta: await theta() };
}
