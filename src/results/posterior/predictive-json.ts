/** p-values of an item in its convergence.json, which equal runs may differ in: the draws and data that they restate are elsewhere. */
import * as v from 'valibot';
import type { JsonValue } from '../../bundle/json.ts';
import { readJson, record, toFields } from '../../bundle/json-record.ts';
import type { VerifiedBundle } from '../../bundle/read-bundle.ts';
import type { Predictive } from './predictive.ts';

const p = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)));
const FIELDS = record({ prior: p, posterior: p }, { prior: 'prior_predictive_p', posterior: 'posterior_predictive_p' });

export function predictiveFields(predictive: Predictive | undefined): Readonly<Record<string, JsonValue>> {
  const fields = Object.entries(toFields(FIELDS, predictive ?? {}));
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** Undefined where the bundle says nothing of them. @throws FileError for what are no p-values */
export async function readPredictive(bundle: VerifiedBundle, runId: string): Promise<Predictive | undefined> {
  const path = `${runId}/convergence.json`;
  if (!bundle.manifest.files.some((file) => file.path === path)) return undefined;
  const { prior, posterior } = readJson(bundle.name, path, FIELDS, await bundle.json(path));
  if (prior === undefined && posterior === undefined) return undefined;
  return { ...(prior !== undefined && { prior }), ...(posterior !== undefined && { posterior }) };
}
