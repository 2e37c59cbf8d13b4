import { findWorkload } from '../../engine/run-config.ts';
import { type PosteriorOptions, posteriorOptions } from '../../results/posterior/options.ts';
import { experiments } from '../state/config.ts';
import { useStore } from '../state/store.ts';

/** What the experiment of the run on screen says of its posteriors. */
export function usePosterior(): PosteriorOptions {
  return useStore(({ ranConfig, config }) =>
    posteriorOptions(findWorkload((ranConfig ?? config).workload, experiments).results),
  );
}
