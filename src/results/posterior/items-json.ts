/** Posteriors in items.json, and back from a bundle: their draws from posterior.nc, the rest from there. */
import * as v from 'valibot';
import { canonicalJson } from '../../bundle/json.ts';
import { numberOrNaN, readJson, record, toFields } from '../../bundle/json-record.ts';
import { readGivenPosterior } from '../../bundle/netcdf-thread.ts';
import type { VerifiedBundle } from '../../bundle/read-bundle.ts';
import { infoFields } from '../info-fields.ts';
import type { DrawColumn, PosteriorItem } from './item.ts';
import type { ItemSummary } from './item-summary.ts';
import { readPredictive } from './predictive-json.ts';
import { readResiduals } from './residuals-json.ts';
import { finiteOnly } from './tables.ts';

const numbers = v.array(numberOrNaN);

const ENTRY = record({
  ...infoFields,
  sampling: v.optional(v.unknown()),
  fit: record({
    mean: numbers,
    sd: numbers,
    chi2: v.optional(numberOrNaN, null),
    dataCount: v.optional(v.number()),
  }),
  gradients: v.number(),
});

/** Text of items.json: for each item what is not in its draws: place in the run, truth in full, the fit, the work done. */
export function itemsJson(items: readonly PosteriorItem[], summaries: readonly ItemSummary[]): string {
  return canonicalJson({
    items: items.map(({ info, ...item }, i) => ({
      ...toFields(ENTRY, { ...info, ...item, truth: finiteOnly(info.truth) }),
      attempts: summaries[i].attempts,
    })),
  });
}

/** @throws FileError */
export async function readItem(bundle: VerifiedBundle, file: string, entry: unknown): Promise<PosteriorItem> {
  const { sampling, fit, gradients, ...info } = readJson(bundle.name, file, ENTRY, entry);
  const path = `${info.runId}/posterior.nc`;
  const residuals = await readResiduals(bundle, info.runId);
  const { chains, draws, parameters, stats } = await readGivenPosterior(
    await bundle.bytes(path),
    `${bundle.name}: ${path}`,
  );
  const predictive = sampling === 'independent' ? await readPredictive(bundle, info.runId) : undefined;
  return {
    info,
    chains,
    draws,
    ...(sampling === 'independent' && { sampling }),
    parameters,
    stats: stats.map(asSampled),
    ...(predictive && { predictive }),
    fit: residuals ? { ...fit, residuals } : fit,
    gradients,
  };
}

/** Statistics in the types that a session collects them in. */
function asSampled({ name, values }: { readonly name: string; readonly values: Float64Array }): DrawColumn {
  if (name === 'diverging') return { name, values: Uint8Array.from(values) };
  const whole = name === 'n_steps' || name === 'accepted_index';
  return { name, values: whole ? Int32Array.from(values) : values };
}
