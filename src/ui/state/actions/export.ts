/** The bundle of what is on screen, and what was measured of it. */
import type { RunConfig } from '../../../engine/config/run-config.ts';
import type { PrecisionComparison, RunQuality } from '../../../results/posterior/quality/types.ts';
import { download } from '../../shared/download.ts';
import { rememberAdapterDetails } from '../preferences.ts';
import { isActive, useStore } from '../store.ts';
import type { Store } from '../types.ts';
import { engine, theEngine } from './engine.ts';
import { showError } from './refusals.ts';
import { filesOfRun } from './run.ts';

let measured: { readonly run: unknown; readonly quality: RunQuality | undefined } | undefined;
let compared: { readonly precisions: PrecisionComparison; readonly fits: Fits } | undefined;

/** Whether a comparison of precisions is of a run's configuration and files. */
type Fits = (config: RunConfig, files: Store['files']) => boolean;

/** Whether exports say what the graphics adapter is. */
export function setAdapterDetails(adapterDetails: boolean): void {
  useStore.setState({ adapterDetails });
  rememberAdapterDetails(adapterDetails);
}

/** Builds the bundle and hands it to the browser as a download; results out of a bundle go back as that very file. */
export async function exportBundle(): Promise<void> {
  const store = useStore.getState();
  if (store.opened?.bundle) return download(store.opened.bundle, store.opened.bundle.name);
  if (store.exporting || store.opened || store.summaries.length === 0) return;
  // Of a run under way it is a part.
  const whole = isActive(store) ? undefined : store.summaries;
  useStore.setState({ exporting: { done: 0, total: 0, file: '' } });
  const quality = qualityOf(store);
  const bundle = await theEngine()
    .export({ adapterDetails: store.adapterDetails, quality })
    .catch((error: unknown) => {
      // A cancelled export is what was asked for; only then is `exporting` already gone.
      if (useStore.getState().exporting) showError(error);
      return undefined;
    });
  useStore.setState({ exporting: undefined });
  if (!bundle) return;
  download(bundle.blob, bundle.name);
  useStore.setState({ exported: whole });
}

/** What was measured of the results on screen last; it goes into their bundle. */
export function setMeasured(quality: RunQuality | undefined): void {
  measured = { run: useStore.getState().run, quality };
}

/** How precisions compare; it goes into the bundle of a run that it fits. */
export function setComparison(precisions: PrecisionComparison, fits: Fits): void {
  compared = { precisions, fits };
}

/** All that was measured of the run on screen; undefined where nothing was. */
function qualityOf({ run, ranConfig, summaries }: Store): RunQuality | undefined {
  const quality = measured?.run === run ? measured?.quality : undefined;
  const files = ranConfig && filesOfRun.get(ranConfig);
  if (!compared || !ranConfig || !files || !compared.fits(ranConfig, files)) return quality;
  const none = { size: 'quick', compared: [], failed: [], mean: null, calibration: null } as const;
  return { ...none, items: summaries.length, ...quality, precisions: compared.precisions };
}

export function cancelExport(): void {
  useStore.setState({ exporting: undefined });
  engine?.cancelExport();
}
