/** Residuals of a fit in convergence.json, and back: restated from data that a bundle does not hold, so outside what its id hashes. */
import * as v from 'valibot';
import type { JsonValue } from '../../bundle/json.ts';
import { readJson, record, toFields } from '../../bundle/json-record.ts';
import { parsePythonJson } from '../../bundle/python-text.ts';
import type { VerifiedBundle } from '../../bundle/read-bundle.ts';
import { type ItemSummary, unfit } from './item-summary.ts';
import { judgedResiduals, type ResidualCheck } from './residuals.ts';

const number = v.number();

const RESIDUALS = record({
  neighbours: v.array(record({ along: v.string(), value: number, sd: number })),
  border: record({ value: number, sd: number }),
  varianceRatio: number,
});

const HOLDER = record({ residuals: v.optional(RESIDUALS) });

/** What convergence.json says of how model and noise describe the data: nothing where that was not looked at. */
export function fitFields({
  chi2PerDatum,
  fit,
  misfit,
}: Pick<ItemSummary, 'chi2PerDatum' | 'fit' | 'misfit'>): FitFields {
  return {
    ...(chi2PerDatum !== undefined && Number.isFinite(chi2PerDatum) && { chi2_per_datum: chi2PerDatum }),
    ...((misfit !== undefined || fit.residuals) && { unfit: unfit({ misfit, fit }) }),
    ...(fit.residuals && { residuals: toFields(RESIDUALS, fit.residuals) }),
  };
}

export type FitFields = Readonly<Record<string, JsonValue>>;

/** What convergence.json of an item says of them; undefined where it says nothing. @throws FileError */
export async function readResiduals(bundle: VerifiedBundle, runId: string): Promise<ResidualCheck | undefined> {
  const path = `${runId}/convergence.json`;
  if (!bundle.manifest.files.some((file) => file.path === path)) return undefined;
  const { residuals } = readJson(bundle.name, path, HOLDER, parsed(await bundle.text(path)));
  return residuals && judgedResiduals(residuals);
}

/** Undefined for text that is no JSON: `readJson` says so. */
function parsed(text: string): unknown {
  try {
    return parsePythonJson(text);
  } catch {
    return undefined;
  }
}
