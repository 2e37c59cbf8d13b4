import { useEffect } from 'react';
import { shownConfig } from '../../../ui/state/shown.ts';
import { useStore } from '../../../ui/state/store.ts';
import type { RealCells } from '../jobs/look-types.ts';
import { loadReal } from './actions.ts';
import { dataKey } from './keys.ts';
import { useCells } from './store.ts';

/** Real cells of the run on screen. */
export function useReal(): RealCells | undefined {
  const config = useStore(shownConfig);
  const files = useStore((store) => store.files);
  const ready = useStore((store) => store.device !== undefined);
  const real = useCells((cells) => cells.real);
  const key = dataKey(config, files);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for what of the configuration matters
  useEffect(() => {
    if (ready) void loadReal(config);
  }, [ready, key]);
  return real?.key === key ? real : undefined;
}
