/**
 * HDF5 files too large for memory, their long arrays packed (deflate). HDF5 lays the values out as it packs them, and its index of them comes
 * last but lies among them; so the file is written through a sparse file, to learn its structure and where the packed values lie. Where these are
 * too many to be held, it is written once more to hand all of it on in order: values are asked for twice then, and held a piece at a time.
 */
import { type Dataset, type File, type Group, loadHdf5 } from './hdf5.ts';
import { attach, type FsNode, type Placed, SparseFile } from './sparse-file.ts';
import { BundleError } from './types.ts';

type Values = Float64Array | Float32Array | Int32Array | Int8Array | Uint8Array;

/** An array of one dimension, or of two: rows of equal width. */
export interface PackedArray {
  readonly name: string;
  /** Values, or rows. */
  readonly length: number;
  /** Values a row; without it there is one dimension. */
  readonly width?: number;
  /** h5wasm's notation: "<d", "<f", "<i", "<b", "<B". */
  readonly dtype: string;
  /** Values or rows that are packed together: readers unpack so many to have one. */
  readonly together: number;
  /** `count` values or rows from `first` on, always the same. Without it the array has no values, as dimensions without coordinates. */
  values?(first: number, count: number): Values;
}

/** What the file's author calls: h5wasm's own group methods for all small things, `packed` for long arrays. */
export type CreatePacked = (group: Group, array: PackedArray) => Dataset;

export interface PackedFile {
  /** The time HDF5 notes in its object headers; its clock stands still meanwhile, so equal input gives equal bytes. */
  readonly timeMs: number;
  /** Lays the file out. */
  readonly write: (file: File, packed: CreatePacked) => void;
  /** What is neither packed nor long is handed on in pieces of at most this size. */
  readonly pieceBytes: number;
  /** Packed values are held up to this size in all; beyond it they are packed once more. */
  readonly heldBytes?: number;
}

/** zlib's fastest: on draws 3 % larger than its default, in a third of the time. */
const LEVEL = 1;
const HELD_BYTES = 32 * 1024 ** 2;
/** Smaller streams are kept: HDF5 puts them into gaps, out of order. */
const LEAST_BYTES = 4096;

/** The file in pieces, in order. @throws BundleError where it comes out otherwise the second time */
export async function* packedHdf5(packed: PackedFile): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { heldBytes = HELD_BYTES } = packed;
  const first = await Writing.begin(packed);
  const places: { readonly offset: number; readonly bytes: number }[] = [];
  let held: Placed[] | undefined = [];
  let [end, all] = [0, 0];
  try {
    for (const { offset, bytes } of first.streams()) {
      if (bytes.length >= LEAST_BYTES && offset >= end) {
        end = offset + bytes.length;
        places.push({ offset, bytes: bytes.length });
        all += bytes.length;
        held = all <= heldBytes ? held : undefined;
        held?.push({ offset, bytes });
      } else first.sparse.keep(bytes, offset);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  } finally {
    first.end();
  }
  const { sparse } = first;
  const second = held ? undefined : await Writing.begin(packed);
  try {
    let at = 0;
    const again = held ? held.values() : second!.streams();
    for (const place of places) {
      yield* inPieces(sparse, at, place.offset, packed.pieceBytes);
      yield streamAt(again, place);
      at = place.offset + place.bytes;
    }
    yield* inPieces(sparse, at, sparse.bytes, packed.pieceBytes);
  } finally {
    second?.end();
  }
}

/** The next stream that lies at a place. */
function streamAt(
  streams: Iterator<Placed>,
  { offset, bytes }: { readonly offset: number; readonly bytes: number },
): Uint8Array<ArrayBuffer> {
  for (let next = streams.next(); !next.done; next = streams.next()) {
    if (next.value.offset !== offset) continue;
    if (next.value.bytes.length === bytes) return next.value.bytes;
    break;
  }
  throw new BundleError(
    'The HDF5 writer packed the same values otherwise; report this, and use the files of the items.',
  );
}

function* inPieces(
  sparse: SparseFile,
  from: number,
  to: number,
  pieceBytes: number,
): Generator<Uint8Array<ArrayBuffer>> {
  for (let at = from; at < to; at += pieceBytes) yield sparse.read(at, Math.min(pieceBytes, to - at));
}

/** The parts of h5wasm below its public classes that are needed here. */
interface RawModule {
  _malloc(bytes: number): number;
  _free(address: number): void;
  create_dataset(file: bigint, path: string, data: bigint, metadata: object): number;
}
interface RawFs {
  writeFile(path: string, data: Uint8Array): void;
  lookupPath(path: string): { node: FsNode };
  unlink(path: string): void;
}
type H5Module = Awaited<ReturnType<typeof loadHdf5>>;

let count = 0;

/** One time through. */
class Writing {
  readonly sparse = new SparseFile();
  readonly #arrays: { readonly dataset: Dataset; readonly array: PackedArray }[] = [];
  readonly #path = `/lockstep-packed-${count++}.nc`;
  readonly #fs: RawFs;
  readonly #timeMs: number;
  readonly #file: File;

  static async begin(packed: PackedFile): Promise<Writing> {
    return new Writing(await loadHdf5(), packed);
  }

  private constructor(h5: H5Module, { timeMs, write }: PackedFile) {
    this.#fs = h5.FS as unknown as RawFs;
    this.#timeMs = timeMs;
    this.#fs.writeFile(this.#path, new Uint8Array(0));
    attach(this.#fs.lookupPath(this.#path).node, this.sparse);
    this.#file = this.#atTime(() => new h5.File(this.#path, 'w', { track_order: true }));
    this.#atTime(() => write(this.#file, (group, array) => this.#create(h5, group, array)));
  }

  /** Without values yet: made with none and then extended, which takes no room. */
  #create(h5: H5Module, group: Group, array: PackedArray): Dataset {
    const module = h5.Module as unknown as RawModule;
    const row = array.width === undefined ? [] : [BigInt(array.width)];
    const metadata = {
      ...h5.dtype_to_metadata(array.dtype),
      shape: [0n, ...row],
      maxshape: [BigInt(array.length), ...row],
      chunks: [BigInt(Math.min(array.together, array.length)), ...row],
      compression: 1,
      compression_opts: [LEVEL],
      track_order: true,
    };
    const nothing = module._malloc(8);
    if (nothing === 0) throw new BundleError('The HDF5 writer is out of memory; export fewer items.');
    try {
      module.create_dataset(group.file_id, `${group.path}/${array.name}`, BigInt(nothing), metadata);
    } finally {
      module._free(nothing);
    }
    const dataset = group.get(array.name) as Dataset;
    dataset.resize([array.length, ...row.map(Number)]);
    this.#arrays.push({ dataset, array });
    return dataset;
  }

  /** Packs the values of one array after the other. @throws BundleError where one was not written */
  *streams(): Generator<Placed> {
    for (const { dataset, array } of this.#arrays) {
      const { length, values, name, width = 1 } = array;
      if (!values) continue;
      const row = array.width === undefined ? [] : [[0, width] as [number, number]];
      const together = Math.min(array.together, length);
      for (let from = 0; from < length; from += together) {
        const some = values(from, Math.min(together, length - from));
        // The last is filled up with zeroes.
        const whole = new Uint8Array(together * width * some.BYTES_PER_ELEMENT);
        whole.set(new Uint8Array(some.buffer, some.byteOffset, some.byteLength));
        this.sparse.await(whole);
        this.#atTime(() => dataset.write_slice([[from, from + some.length / width], ...row], some));
        const placed = this.sparse.caught();
        if (!placed) {
          throw new BundleError(
            `The HDF5 writer could not place ${name}; report this, and use the files of the items.`,
          );
        }
        yield placed;
      }
    }
  }

  end(): void {
    try {
      this.#atTime(() => this.#file.close());
    } finally {
      this.#fs.unlink(this.#path);
    }
  }

  /** Synchronous: nothing else can see the stopped clock. */
  #atTime<T>(act: () => T): T {
    const clock = Date.now;
    Date.now = () => this.#timeMs;
    try {
      return act();
    } finally {
      Date.now = clock;
    }
  }
}
