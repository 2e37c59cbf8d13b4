/** A run's quality in sentences, for the README of its bundle and for terminals. */
import { precisionVerdict } from './precision-verdict.ts';
import type { Calibration, RunQuality } from './types.ts';

/** A sentence each. */
export function qualityNotes(quality: RunQuality): string[] {
  const { compared, failed, mean, calibration, precisions } = quality;
  const notes: string[] = [];
  if (mean) {
    const { c2st, mmd2, slicedW2, outsidePrior, largestMeanShift, worstSdRatio } = mean;
    notes.push(
      `C2ST ${c2st.value.toFixed(3)} (exact draws against exact draws ${c2st.control.toFixed(3)}), MMD² ${short(mmd2.value)} (${short(mmd2.control)}), sliced W2 ${short(slicedW2.value)} (${short(slicedW2.control)}), means over ${whichCompared(quality)}, ${compared[0].points} points on either side.`,
      `Largest shift of a mean ${largestMeanShift.toFixed(2)} sd, farthest sd ratio ${worstSdRatio.toFixed(2)}, ${short(100 * outsidePrior)} % of the samples outside the prior.`,
    );
  }
  notes.push(...failed.map(({ runId, reason }) => `Left out, not compared: ${runId}: ${reason}.`));
  if (calibration) notes.push(...calibrationNotes(calibration));
  if (precisions) {
    const [reference, ...halves] = precisions.costs;
    notes.push(...halves.map((cost) => `${cost.precision}: ${precisionVerdict(cost, reference).words}.`));
  }
  return notes;
}

/** "the first 5 of 7 observations (a, b, c, d, e)": those that could be compared, by name. */
function whichCompared({ items, compared, failed }: RunQuality): string {
  const tried = compared.length + failed.length;
  const all = `${items} ${items === 1 ? 'observation' : 'observations'}`;
  const of = tried < items ? `the first ${tried} of ${all}` : all;
  const names = compared.map(({ runId }) => runId).join(', ');
  return failed.length > 0 ? `${compared.length} of ${of} (${names})` : `${of} (${names})`;
}

function calibrationNotes({ n, parameters, tarp }: Calibration): string[] {
  const within = parameters.filter(({ sbc }) => sbc.withinBand).length;
  const smallest = Math.min(...parameters.map(({ sbc }) => sbc.ksPValue));
  const coverage = parameters.map(
    (each) => `${each.name} ${each.coverage.map(({ observed }) => percent(observed)).join(' and ')}`,
  );
  return [
    `Ranks of the truth over ${n} observations: ${within} of ${parameters.length} parameters within the 95 % band, smallest KS p ${short(smallest)}; TARP p ${short(tarp.ksPValue)}, ATC ${tarp.atc.toFixed(2)}, ${percent(tarp.insideBand)} of the levels within their intervals.`,
    `Intervals of 68 % and 95 % hold the truth of ${coverage.join(', ')}.`,
  ];
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const short = (value: number) => String(Number(value.toPrecision(2)));
