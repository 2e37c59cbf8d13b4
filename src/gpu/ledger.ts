/**
 * Exact bytes of GPU memory this program holds, buffer by buffer. WebGPU has no memory query, so the ledger is the only
 * truthful source for the memory panel; it must return to zero when everything is closed.
 */
import type { BufferRole } from './plan.ts';

export interface LedgerEntry {
  readonly name: string;
  readonly bytes: number;
  readonly role: BufferRole;
}

export class Ledger {
  readonly #entries = new Set<LedgerEntry>();
  #current = 0;
  #peak = 0;

  /** Bytes held now. */
  get current(): number {
    return this.#current;
  }

  /** Most bytes held at once since the device was opened. */
  get peak(): number {
    return this.#peak;
  }

  /** What is held now, largest first. */
  get entries(): readonly LedgerEntry[] {
    return [...this.#entries].sort((a, b) => b.bytes - a.bytes);
  }

  /** Books a buffer; give the returned entry back to `remove`. Names may repeat across allocations. */
  add(name: string, bytes: number, role: BufferRole): LedgerEntry {
    const entry: LedgerEntry = { name, bytes, role };
    this.#entries.add(entry);
    this.#current += bytes;
    this.#peak = Math.max(this.#peak, this.#current);
    return entry;
  }

  /** Takes a buffer off the books. An entry that is not there (any more) is ignored. */
  remove(entry: LedgerEntry): void {
    if (this.#entries.delete(entry)) this.#current -= entry.bytes;
  }
}
