/** Files of a run in the tree of the origin, beside those that any run has. */

import { canonicalJson } from '../../bundle/json.ts';
import { type FileEntry, textEntry } from '../../bundle/types.ts';
import type { DatasetItem } from '../../results/dataset/item.ts';
import type { FinishedRun } from '../../results/kind.ts';
import type { OwnRunFiles } from '../workload.ts';
import { SHIPPED } from './data/shipped.ts';
import type { ActivationsProblem } from './problem.ts';
import { activationEntries } from './vectors/files/activation-files.ts';
import { LOAD_PY, LOAD_PY_TEXT } from './vectors/files/load-py.ts';
import { pathPart } from './vectors/files/names.ts';
import { responseOf, responsesJson } from './vectors/files/responses.ts';
import { vectorEntries } from './vectors/files/vector-entries.ts';
import { type Folds, foldsOf } from './vectors/folds.ts';
import { pooledItems } from './vectors/pooled-items.ts';
import { vectorTable } from './vectors/table.ts';
import { type PooledActivations, VECTOR_OPTIONS, type VectorOptions } from './vectors/types.ts';

type Run = FinishedRun<DatasetItem>;

export async function runFiles(
  problem: ActivationsProblem,
  run: Run,
  options: VectorOptions = VECTOR_OPTIONS,
): Promise<OwnRunFiles> {
  const { model } = problem.settings;
  const place = placeOf(problem);
  const base = `extraction/${place.trait}/${place.variant}`;
  const pieces = model.tokenizer && ((ids: readonly number[]) => model.tokenizer!.pieces(ids));
  const labelled = (label: string) => run.items.filter(({ attributes }) => attributes.label === label);
  const entries: FileEntry[] = [];
  for (const [file, label] of [
    ['pos', 'positive'],
    ['neg', 'negative'],
  ]) {
    const items = labelled(label);
    if (items.length > 0)
      entries.push(textEntry(`${base}/responses/${file}.json`, () => responsesJson(items, model.name, pieces)));
  }
  for (const item of labelled('none')) {
    const name = pathPart(String(item.attributes.id), item.info.runId);
    entries.push(
      textEntry(`inference/${place.variant}/responses/texts/${item.info.index + 1}_${name}.json`, () =>
        canonicalJson(responseOf(item, model.name, pieces)),
      ),
    );
  }
  const found = pooledItems(run.items);
  if (!found || found.pooled.parts.length === 0) return { entries, about: entries.length > 0 ? RESPONSES : [] };
  const { pooled, items } = found;
  const about = { model: model.name, trait: place.trait, family: model.source.spec.family };
  const folds = partable(pooled, options);
  if (!folds) return { entries, about: RESPONSES };
  const ids = items.map(({ attributes }) => String(attributes.id));
  const questions = items.map(({ attributes }) => String(attributes.question));
  entries.push(...activationEntries(base, pooled, folds, { ...about, ids, questions }));
  const fitted = await vectorTable(pooled, options, () => new Promise((resolve) => setTimeout(resolve)));
  entries.push(...vectorEntries(base, fitted, about));
  entries.push(textEntry(LOAD_PY, () => LOAD_PY_TEXT));
  return {
    entries,
    about: [...ABOUT, ...RESPONSES],
    python: `With NumPy alone; \`python ${LOAD_PY}\` also writes every array as .pt where torch is installed:

\`\`\`python
import load

v, about = load.vector("${place.trait}", "${place.variant}", layer=${Math.max(0, Math.floor(model.source.spec.layers / 2) - 1)}, method="probe", position="${pooled.parts[0].position}")
x, texts = load.activations("${place.trait}", "${place.variant}", position="${pooled.parts[0].position}")
\`\`\`
`,
  };
}

const TREE = 'extraction/<category>/<trait>/<variant>';
const RESPONSES: OwnRunFiles['about'] = [
  [
    `${TREE}/responses/`,
    'texts and responses with tokens, as trait-interp has them; those without a label below inference/',
  ],
];
const ABOUT: OwnRunFiles['about'] = [
  [
    `${TREE}/vectors/`,
    'unit vectors by position, component, method and layer, with norms and held-out scores; scores.csv, controls.csv, table.json; control_vector.gguf for llama.cpp and repeng',
  ],
  [
    `${TREE}/activations/`,
    'means of activations, (texts, layers, width), positive texts first; layer l is what leaves block l, counted from 0',
  ],
  [LOAD_PY, 'reads all of that with NumPy, and writes .pt files with torch'],
];

/** Undefined where texts cannot be parted into folds, e.g. of one question: responses are all that they have then. */
function partable({ y, question }: PooledActivations, { folds }: VectorOptions): Folds | undefined {
  try {
    return foldsOf(y, question, folds);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** "category/trait" and the name of the model, as parts of paths. */
function placeOf({ settings, from }: ActivationsProblem): { trait: string; variant: string } {
  const stem = from.replace(/\.\w+$/, '');
  const own = from.includes(',') || /^(pos|neg)/i.test(stem) ? 'trait' : pathPart(stem, 'trait');
  return {
    trait: from === SHIPPED ? 'stories/happy_sad' : `own/${own}`,
    variant: pathPart(settings.model.name, 'model'),
  };
}
