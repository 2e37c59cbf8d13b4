/** What a person can do with the batch table. Values go into the configuration and are remembered in this browser. */
import type { MemoryClass } from '../../batch/memory-class.ts';
import type { SizeKey, SizeOverrides } from '../../batch/sizes.ts';
import { setBatch, setFieldError } from '../state/actions.ts';
import { rememberedSizes, rememberSizes } from '../state/remembered-sizes.ts';
import { useStore } from '../state/store.ts';

/** Path of the configuration's field for an entry. */
export function fieldOf(key: SizeKey, isChunk: boolean): string {
  return isChunk ? 'batch.size' : `batch.sizes.${key}`;
}

/** Another batch size, or "auto" without one. A batch size belongs to a run and is not remembered. */
export function setChunk(size: number | undefined): void {
  setBatch({ size: size ?? 'auto' });
}

/** Another value, or the memory class's without one. */
export function setSize(key: SizeKey, value: number | undefined): void {
  const { memoryClass, sizes } = rememberedSizes();
  rememberSizes({ memoryClass, sizes: changed(sizes, key, value) });
  setFieldError(`batch.sizes.${key}`, undefined);
  setBatch({ sizes: changed(useStore.getState().config.batch.sizes, key, value) });
}

export function setMemoryClass(memoryClass: MemoryClass | 'auto'): void {
  rememberSizes({ ...rememberedSizes(), memoryClass: memoryClass === 'auto' ? undefined : memoryClass });
  setBatch({ memoryClass });
}

/** Every size as the table has it: the class guessed from the adapter, the batch size "auto", and nothing remembered. */
export function resetSizes(): void {
  rememberSizes({ sizes: {} });
  for (const field of Object.keys(useStore.getState().fieldErrors))
    if (field.startsWith('batch.size')) setFieldError(field, undefined);
  setBatch({ size: 'auto', memoryClass: 'auto', sizes: {} });
}

function changed(sizes: SizeOverrides, key: SizeKey, value: number | undefined): SizeOverrides {
  const { [key]: _, ...others } = sizes;
  return value === undefined ? others : { ...others, [key]: value };
}
