/** A language model, the user's or the one that ships, over the user's texts or stories. */

import { canonicalJson } from '../../bundle/json.ts';
import { textEntry } from '../../bundle/types.ts';
import type { Graph } from '../../nn/graph/graph.ts';
import { openGraph } from '../../nn/graph/load.ts';
import type { LoadedModel } from '../language-models/model.ts';
import { shippedModel } from '../language-models/shipped-model.ts';
import type { RunInputs } from '../workload.ts';
import type { Analysed } from './analysed.ts';
import { modelOf, pathOf, textsOf } from './files/roles.ts';
import type { AnalysedItem } from './metrics/metric.ts';
import type { AnalysisParams } from './params.ts';
import { type AnalysedTexts, analysedTexts, SHIPPED, shippedStories } from './texts.ts';

interface Weights {
  readonly graph: Graph;
  readonly theta: Float32Array;
}

/** Of the latest model, and the texts of the latest question: plans are asked for with every change of the form. */
let weights: { readonly key: string; readonly found: Promise<Weights> } | undefined;
let texts: { readonly key: string; readonly found: Promise<AnalysedTexts> } | undefined;

/** @throws ConfigError where model and texts do not go together; FileError for a file that is damaged */
export async function modelWithTexts(params: AnalysisParams, inputs: RunInputs): Promise<Analysed> {
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
  const { items, cut } = await texts.found;
  const { name, sha256, tokenizer } = model;
  const tokens = items.reduce((sum, { ids = [] }) => sum + ids.length, 0);
  return {
    name,
    sha256,
    graph,
    theta,
    path: pathOf(inputs, graph),
    items,
    ...(tokenizer?.begin !== undefined && { bosId: tokenizer.begin }),
    about: `${name}: ${graph.layers} blocks of ${graph.widths[graph.final]}, ${graph.size.toLocaleString('en-US')} parameters. ${items.length} texts (${own?.name ?? SHIPPED}), ${tokens.toLocaleString('en-US')} tokens.`,
    warnings: [
      ...model.warnings,
      ...shortened(cut, Math.min(params.longest, model.source.spec.positions)),
      ...unknownWords(model, items),
      ...baselineWords(params, model, items),
    ],
    itemFiles: (folder) => ({
      entry: textEntry(`${folder}/texts.json`, () =>
        canonicalJson(
          items.map(({ name: text, ids = [], words = [], group = null }) => ({
            name: text,
            group,
            ids: [...ids],
            words: [...words],
          })),
        ),
      ),
      about: 'the texts as they were read: ids, words, groups',
    }),
  };
}

async function readWeights(model: LoadedModel): Promise<Weights> {
  const { graph, theta } = await openGraph(model.files);
  return { graph, theta: await theta() };
}

function shortened(cut: AnalysedTexts['cut'], most: number): string[] {
  const [first] = cut;
  if (!first) return [];
  return [
    `${cut.length === 1 ? `The text "${first[0]}" is` : `${cut.length} texts, the first of them "${first[0]}", are`} cut to ${most} tokens${cut.length === 1 ? ` of ${first[1]}` : ''}: raise Longest text (longest) for all of them.`,
  ];
}

const occurrences = (items: readonly AnalysedItem[], id: number) =>
  items.reduce((sum, { ids = [] }) => sum + ids.filter((own) => own === id).length, 0);

/** Words that the model reads as unknown. */
function unknownWords({ name, tokenizer }: LoadedModel, items: readonly AnalysedItem[]): string[] {
  const unknown = tokenizer?.idOf('<unk>') ?? tokenizer?.idOf('[UNK]');
  const count = unknown === undefined ? 0 : occurrences(items, unknown);
  const all = items.reduce((sum, { ids = [] }) => sum + ids.length, 0);
  return count > 0
    ? [
        `${count} of ${all} tokens are unknown to ${name}: it reads each as the same ${tokenizer!.pieces([unknown!])[0]}.`,
      ]
    : [];
}

/** Tokens that are the baseline's own have an attribution of 0 by construction. */
function baselineWords(
  { metrics, baseline, padId }: AnalysisParams,
  { tokenizer }: LoadedModel,
  items: readonly AnalysedItem[],
): string[] {
  if (baseline !== 'pad' || !metrics.some((id) => id === 'integrated-gradients' || id === 'layer-attribution'))
    return [];
  const count = occurrences(items, padId);
  const piece = tokenizer?.pieces([padId])[0];
  return count > 0
    ? [
        `The baseline of attributions is token ${padId}${piece ? ` (${piece})` : ''} at every position, and ${count} tokens of the texts are that one: theirs is 0 by construction. Choose another (padId) or the mean embedding.`,
      ]
    : [];
}
