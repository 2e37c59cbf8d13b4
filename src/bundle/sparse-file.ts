/** A file of HDF5's that lies in JavaScript, page by page, and whose packed values need not be kept. */
import { adler32 } from './adler32.ts';

const PAGE_BYTES = 65_536;

/** Bytes of a zlib stream, and where in the file they belong. */
export interface Placed {
  readonly offset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export class SparseFile {
  readonly #pages = new Map<number, Uint8Array<ArrayBuffer>>();
  bytes = 0;
  #awaited: number | undefined;
  #caught: Placed | undefined;

  /** The zlib stream of `values` that is written next is not kept, but handed out by `caught`. */
  await(values: Uint8Array): void {
    this.#awaited = adler32(values);
    this.#caught = undefined;
  }

  /** What was awaited; undefined where it was not written. */
  caught(): Placed | undefined {
    this.#awaited = undefined;
    return this.#caught;
  }

  write(from: Uint8Array, position: number): void {
    if (this.#awaited !== undefined && isZlib(from, this.#awaited)) {
      this.#caught = { offset: position, bytes: from.slice() };
      this.#awaited = undefined;
    } else this.keep(from, position);
    this.bytes = Math.max(this.bytes, position + from.length);
  }

  keep(from: Uint8Array, position: number): void {
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
  }

  /** A copy; zeroes where nothing was kept. */
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

/** A zlib stream (RFC 1950) ends in the checksum of what it holds, the highest byte first. */
function isZlib(bytes: Uint8Array, checksum: number): boolean {
  if (bytes.length < 6 || bytes[0] !== 0x78 || (bytes[0] * 256 + bytes[1]) % 31 !== 0) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(bytes.length - 4) === checksum;
}

/** The parts of Emscripten's file system nodes and streams that are replaced (its own types leave them untyped). */
interface NodeOps {
  getattr(node: FsNode): object;
  setattr(node: FsNode, attributes: { size?: number }): void;
}
export interface FsNode {
  node_ops: NodeOps;
  stream_ops: object;
}
interface FsStream {
  position: number;
}

/** Puts the sparse file in the place of a file's memory. */
export function attach(node: FsNode, sparse: SparseFile): void {
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
      return bytes.length;
    },
    write(_: FsStream, from: Int8Array, offset: number, length: number, position: number): number {
      sparse.write(new Uint8Array(from.buffer, from.byteOffset + offset, length), position);
      return length;
    },
    llseek(stream: FsStream, offset: number, whence: number): number {
      return whence === 1 ? stream.position + offset : whence === 2 ? sparse.bytes + offset : offset;
    },
  };
}
