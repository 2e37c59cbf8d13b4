/** Model and texts of a run: those that ship, or the user's; with all that computes. Loaded with the first use of the experiment. */

import { type EncodedText, encodeText, type ModelTexts, type Template } from '../language-models/encode.ts';
import type { LoadedModel } from '../language-models/model.ts';
import { shippedModel } from '../language-models/shipped-model.ts';
import type { GivenText } from '../language-models/texts.ts';
import type { ParamValues } from '../params.ts';
import { ConfigError, type LoadedFile, type RunInputs } from '../workload.ts';
import { configured } from './configured.ts';
import { SHIPPED, shippedTexts } from './data/shipped.ts';
import { modelOf, textsOf } from './files/roles.ts';
import { readActivationsParams } from './params.ts';

export interface LoadedActivations extends LoadedFile, ModelTexts {
  /** What configures a run once model and texts are there. */
  readonly code: { readonly configured: typeof configured };
}

/** Encoded texts are kept for the latest so many questions: plans are asked for with every change of the form. */
const KEPT = 4;

const encoded = new Map<string, Promise<readonly EncodedText[]>>();

/** @throws ConfigError where model and texts do not go together; FileError for a file that is damaged */
export async function loadActivations(values: ParamValues, inputs: RunInputs): Promise<LoadedActivations> {
  const { texts: each, template } = readActivationsParams(values);
  const model = modelOf(inputs) ?? (await shippedModel());
  const own = textsOf(inputs);
  const given = own?.texts ?? shippedTexts(each);
  if (given.length === 0) throw new ConfigError('texts', 'there are no texts. Give at least one.');
  const key = JSON.stringify([model.sha256, own?.sha256 ?? each, template]);
  const known = encoded.get(key) ?? encodeAll(given, model, template);
  encoded.delete(key);
  encoded.set(key, known);
  // What is wrong now may be right later.
  known.catch(() => encoded.delete(key));
  for (const old of [...encoded.keys()].slice(0, -KEPT)) encoded.delete(old);
  const { name, sha256 } = model;
  return { name, sha256, code: { configured }, model, texts: await known, from: own?.name ?? SHIPPED };
}

async function encodeAll(
  given: readonly GivenText[],
  model: LoadedModel,
  template: Template,
): Promise<readonly EncodedText[]> {
  const texts: EncodedText[] = [];
  for (const each of given) texts.push(await encodeText(each, model, template));
  return texts;
}
