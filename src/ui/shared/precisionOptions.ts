import { lackingFeature, type Precision } from '../../gpu/precision.ts';
import type { AdapterReport } from '../../gpu/report.ts';

/** Precisions as entries of a select; what the adapter lacks says so and cannot be chosen. Without an adapter all can. */
export function precisionOptions(
  precisions: readonly Precision[],
  report: Pick<AdapterReport, 'features'> | null | undefined,
) {
  return precisions.map((value) => {
    const lacking = report ? lackingFeature(value, report) : undefined;
    return {
      value,
      label: lacking ? `${value} (not here: no ${lacking})` : value,
      disabled: lacking !== undefined,
    };
  });
}
