/** A posterior back from a bundle: its draws from posterior.nc, the rest from items.json. */

import { readGivenPosterior } from '../../bundle/netcdf-thread.ts';
import type { VerifiedBundle } from '../../bundle/read-bundle.ts';
import { type Fields, fieldsOf, numberOf, numbersOf, textOf } from '../../bundle/untrusted-json.ts';
import type { DrawColumn, PosteriorItem } from './item.ts';

/** @throws FileError */
export async function readItem(bundle: VerifiedBundle, file: string, fields: Fields): Promise<PosteriorItem> {
  const { name } = bundle;
  const runId = textOf(name, file, fields.run_id);
  const path = `${runId}/posterior.nc`;
  const { chains, draws, parameters, stats } = await readGivenPosterior(await bundle.bytes(path), `${name}: ${path}`);
  const fit = fieldsOf(name, file, fields.fit);
  const truth = Object.entries(fieldsOf(name, file, fields.truth));
  return {
    info: {
      index: numberOf(name, file, fields.index),
      runId,
      seed: numberOf(name, file, fields.seed),
      truth: Object.fromEntries(truth.map(([key, value]) => [key, numberOf(name, file, value)])),
      // Of experiments whose data are images there is none.
      ...(fields.observation !== undefined && { observation: numbersOf(name, file, fields.observation) }),
    },
    chains,
    draws,
    ...(fields.sampling === 'independent' && { sampling: fields.sampling }),
    parameters,
    stats: stats.map(asSampled),
    fit: {
      mean: numbersOf(name, file, fit.mean),
      sd: numbersOf(name, file, fit.sd),
      chi2: numbersOf(name, file, [fit.chi2 ?? null])[0],
      ...(fit.data_count === undefined ? {} : { dataCount: numberOf(name, file, fit.data_count) }),
    },
    gradients: numberOf(name, file, fields.gradients),
  };
}

/** Statistics in the types that a session collects them in. */
function asSampled({ name, values }: { readonly name: string; readonly values: Float64Array }): DrawColumn {
  if (name === 'diverging') return { name, values: Uint8Array.from(values) };
  const whole = name === 'n_steps' || name === 'accepted_index';
  return { name, values: whole ? Int32Array.from(values) : values };
}
