/**
 * HDF5 files too large for memory: h5wasm writes everything but the large arrays into a sparse file, and says where each array's
 * bytes belong. What is in between is then streamed in by whoever has the values.
 */
import { type Dataset, type File, type Group, loadHdf5 } from './hdf5.ts';
import { BundleError } from './types.ts';

/** An array whose values are not there yet; stored contiguously, row-major, little-endian. */
export interface LargeArray {
  readonly name: string;
  readonly shape: readonly number[];
  /** h5wasm's notation: "<d", "<f", "<i", "<b". */
  readonly dtype: string;
}

/** Where an array's bytes belong. */
export interface Region {
  readonly path: string;
  readonly offset: number;
  readonly bytes: number;
}

export interface Hdf5Outline {
  readonly bytes: number;
  /** By offset. */
  readonly regions: readonly Region[];
  /** The file between the regions: a copy of `length` bytes from `offset` on. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
}

/** What the outline's author calls: h5wasm's own group methods for all small things, `large` for arrays to come. */
export type CreateLarge = (group: Group, array: LargeArray) => Dataset;

const PAGE_BYTES = 65_536;

/** A file that keeps only the pages that were written. */
class SparseFile {
  readonly #pages = new Map<number, Uint8Array<ArrayBuffer>>();
  bytes = 0;
  /** Position of the last read. */
  lastRead = -1;
  /** Address in HDF5's memory of the block that stands for values still to come; what it "writes" from there is not kept. */
  blank = -1;

  write(from: Uint8Array, position: number): void {
    for (let done = 0; done < from.length; ) {
      const at = position + done;
      const inPage = at % PAGE_BYTES;
      const length = Math.min(from.length - done, PAGE_BYTES - inPage);
      const number = Math.floor(at / PAGE_BYTES);
      const page = this.#pages.get(number) ?? new Uint8Array(PAGE_BYTES);
      this.#pages.set(number, page);
      page.set(from.subarray(done, done + length), inPage);
      done += length;
    }
    this.bytes = Math.max(this.bytes, position + from.length);
  }

  read(position: number, length: number): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(Math.max(0, Math.min(length, this.bytes - position)));
    for (let done = 0; done < out.length; ) {
      const at = position + done;
      const inPage = at % PAGE_BYTES;
      const count = Math.min(out.length - done, PAGE_BYTES - inPage);
      const page = this.#pages.get(Math.floor(at / PAGE_BYTES));
      if (page) out.set(page.subarray(inPage, inPage + count), done);
      done += count;
    }
    return out;
  }
}

/** The parts of Emscripten's file system nodes and streams that are replaced (its own types leave them untyped). */
interface NodeOps {
  getattr(node: FsNode): object;
  setattr(node: FsNode, attributes: { size?: number }): void;
}
interface FsNode {
  usedBytes: number;
  node_ops: NodeOps;
  stream_ops: object;
}
interface FsStream {
  position: number;
}

let count = 0;

/**
 * Lays out a file. `write` may create groups, small datasets, attributes and scales as usual.
 * @param timeMs the time HDF5 notes in its object headers; its clock stands still meanwhile, so equal input gives equal bytes.
 * @throws BundleError where an array's place cannot be told, which would be a fault of the layout.
 */
export async function outlineHdf5(
  timeMs: number,
  write: (file: File, large: CreateLarge) => void,
): Promise<Hdf5Outline> {
  const h5 = await loadHdf5();
  const fs = h5.FS as unknown as {
    writeFile(path: string, data: Uint8Array): void;
    lookupPath(path: string): { node: FsNode };
    unlink(path: string): void;
  };
  const path = `/lockstep-outline-${count++}.nc`;
  fs.writeFile(path, new Uint8Array(0));
  const sparse = new SparseFile();
  attach(fs.lookupPath(path).node, sparse);
  const arrays: { path: string; bytes: number; rank: number }[] = [];
  const large: CreateLarge = (group, { name, shape, dtype }) => {
    const metadata = {
      ...h5.dtype_to_metadata(dtype),
      shape: shape.map(BigInt),
      maxshape: shape.map(BigInt),
      chunks: null,
      compression: 0,
      compression_opts: [],
      track_order: true,
    };
    const full = `${group.path}/${name}`;
    createBlank(h5.Module as unknown as RawModule, sparse, group.file_id, full, metadata);
    arrays.push({ path: full, bytes: metadata.size * shape.reduce((a, b) => a * b, 1), rank: shape.length });
    return group.get(name) as Dataset;
  };
  const clock = Date.now;
  Date.now = () => timeMs;
  try {
    const file = new h5.File(path, 'w', { track_order: true });
    try {
      write(file, large);
    } finally {
      file.close();
    }
    return { bytes: sparse.bytes, regions: locate(h5, path, sparse, arrays), read: (o, n) => sparse.read(o, n) };
  } finally {
    Date.now = clock;
    fs.unlink(path);
  }
}

/** Where each array lies: HDF5 reads its first value from there, and from nowhere later. */
function locate(
  h5: Awaited<ReturnType<typeof loadHdf5>>,
  path: string,
  sparse: SparseFile,
  arrays: readonly { path: string; bytes: number; rank: number }[],
): Region[] {
  const regions = arrays.map((array) => {
    // Opened afresh for each array, so that nothing is answered from a cache.
    const file = new h5.File(path, 'r');
    try {
      (file.get(array.path) as Dataset).slice(Array.from({ length: array.rank }, () => [0, 1]));
      return { path: array.path, bytes: array.bytes, offset: sparse.lastRead };
    } finally {
      file.close();
    }
  });
  regions.sort((a, b) => a.offset - b.offset);
  regions.forEach(({ offset, bytes, path: name }, i) => {
    const end = regions[i + 1]?.offset ?? sparse.bytes;
    if (offset < 0 || offset + bytes > end) {
      throw new BundleError(`The netCDF writer could not place ${name}; report this, and use the files of the items.`);
    }
  });
  return regions;
}

/** The parts of h5wasm below its public classes that are needed here. */
interface RawModule {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  create_dataset(file: bigint, path: string, data: bigint, metadata: object): number;
}

/** HDF5 copies writes up to this size into a buffer of its own ("sieve"); larger ones it hands on without looking at them. */
const SIEVE_BYTES = 65_536;

/** Makes a dataset whose values HDF5 believes to have written: space is taken in the file, no memory for them anywhere. */
function createBlank(module: RawModule, sparse: SparseFile, file: bigint, path: string, metadata: object): void {
  const blank = module._malloc(SIEVE_BYTES);
  if (blank === 0) throw new BundleError('The netCDF writer is out of memory; export fewer items.');
  module.HEAPU8.fill(0, blank, blank + SIEVE_BYTES);
  sparse.blank = blank;
  try {
    module.create_dataset(file, path, BigInt(blank), metadata);
  } finally {
    sparse.blank = -1;
    module._free(blank);
  }
}

/** Puts the sparse file in the place of a file's memory. */
function attach(node: FsNode, sparse: SparseFile): void {
  const { getattr } = node.node_ops;
  node.node_ops = {
    ...node.node_ops,
    getattr: (of) => {
      const attributes = getattr(of);
      return { ...attributes, size: sparse.bytes, blocks: Math.ceil(sparse.bytes / 4096) };
    },
    setattr: (_, { size }) => {
      if (size !== undefined) sparse.bytes = size;
    },
  };
  node.stream_ops = {
    read(_: FsStream, to: Int8Array, offset: number, length: number, position: number): number {
      const bytes = sparse.read(position, length);
      new Uint8Array(to.buffer, to.byteOffset).set(bytes, offset);
      sparse.lastRead = position;
      return bytes.length;
    },
    write(_: FsStream, from: Int8Array, offset: number, length: number, position: number): number {
      if (offset === sparse.blank) sparse.bytes = Math.max(sparse.bytes, position + length);
      else sparse.write(new Uint8Array(from.buffer, from.byteOffset + offset, length), position);
      return length;
    },
    llseek(stream: FsStream, offset: number, whence: number): number {
      return whence === 1 ? stream.position + offset : whence === 2 ? sparse.bytes + offset : offset;
    },
  };
}
