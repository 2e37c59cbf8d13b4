/** Compression that the HDF5 library does not know by itself: plugins of h5wasm, loaded with the first file that needs one. */
import { loadHdf5 } from '../hdf5.ts';
import { BundleError } from '../types.ts';

/** Filters that are built in: deflate, shuffle, Fletcher's checksum, szip, n-bit, scale-offset. */
const BUILT_IN: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6]);

interface Plugin {
  readonly name: string;
  readonly load: () => Promise<{ readonly default: string }>;
}

/** By the registered number of the filter. Each comes as a `data:` address, so that page, thread, Node and Deno load it alike. */
const PLUGINS: Readonly<Record<number, Plugin>> = {
  32000: { name: 'lzf', load: () => import('h5wasm-plugins/plugins/libH5Zlzf.so?url&inline') },
  32001: { name: 'blosc', load: () => import('h5wasm-plugins/plugins/libH5Zblosc.so?url&inline') },
  32015: { name: 'zstd', load: () => import('h5wasm-plugins/plugins/libH5Zzstd.so?url&inline') },
};

/** A file can be read once this filter is there. */
export class FilterNeeded extends Error {
  override readonly name = 'FilterNeeded';
  constructor(readonly id: number) {
    super(`HDF5 filter ${id} is not loaded`);
  }
}

const loaded = new Set<number>();

export type FilterState = 'ready' | 'loadable' | 'unknown';

export function filterState(id: number): FilterState {
  if (BUILT_IN.has(id) || loaded.has(id)) return 'ready';
  return id in PLUGINS ? 'loadable' : 'unknown';
}

/** @throws BundleError where the plugin cannot be loaded */
export async function loadFilter(id: number): Promise<void> {
  const { name, load } = PLUGINS[id];
  try {
    const [{ Module, FS }, { default: address }] = await Promise.all([loadHdf5(), load()]);
    const [folder] = Module.get_plugin_search_paths();
    const fs = FS as unknown as { mkdirTree(path: string): void; writeFile(path: string, bytes: Uint8Array): void };
    fs.mkdirTree(folder);
    fs.writeFile(`${folder}/libH5Z${name}.so`, bytesOf(address));
    loaded.add(id);
  } catch (cause) {
    throw new BundleError(
      `The reader of ${name} compression could not be loaded; check the connection and try again.`,
      {
        cause,
      },
    );
  }
}

function bytesOf(address: string): Uint8Array {
  const text = atob(address.slice(address.indexOf(',') + 1));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
