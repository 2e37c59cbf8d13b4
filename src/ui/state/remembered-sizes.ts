/** Values of the batch table and the memory class that this browser remembers. A link's values go before them. */
import { MEMORY_CLASSES } from '../../batch/memory-class.ts';
import { batchEntry, type SizeOverrides, sizeObjection } from '../../batch/sizes.ts';
import type { RunConfig } from '../../engine/config/run-config.ts';

export interface RememberedSizes {
  readonly memoryClass?: RunConfig['batch']['memoryClass'];
  readonly sizes: SizeOverrides;
}

const KEY = 'lockstep-batch-sizes';
const NOTHING: RememberedSizes = { sizes: {} };

/** What of it still fits the table: an earlier version may have written it. */
export function rememberedSizes(): RememberedSizes {
  try {
    const { memoryClass, sizes } = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const fitting = Object.entries(sizes ?? {}).filter(([key, value]) => {
      const entry = batchEntry(key);
      return entry && !sizeObjection(entry, value);
    });
    return { memoryClass: MEMORY_CLASSES.find((name) => name === memoryClass), sizes: Object.fromEntries(fitting) };
  } catch {
    return NOTHING;
  }
}

export function rememberSizes(remembered: RememberedSizes): void {
  try {
    const { memoryClass, sizes } = remembered;
    if (memoryClass || Object.keys(sizes).length > 0) localStorage.setItem(KEY, JSON.stringify(remembered));
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is forbidden: the values hold until the page is closed.
  }
}

/** A configuration with what is remembered in the place of what it leaves to the table; `given` names the fields that it does not. */
export function withRemembered(config: RunConfig, given: readonly string[] = []): RunConfig {
  const { memoryClass = config.batch.memoryClass, sizes } = rememberedSizes();
  return {
    ...config,
    batch: {
      ...config.batch,
      ...(!given.includes('memoryClass') && { memoryClass }),
      ...(!given.includes('sizes') && { sizes }),
    },
  };
}
