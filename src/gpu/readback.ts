/** Brings results back from the device without allocating: into mapped staging buffers that the plan already holds. */
import type { Allocation } from './allocation.ts';
import { orLost } from './loss.ts';
import type { PlannedBuffer } from './plan.ts';

/**
 * Copies the first `bytes` of a readback buffer out. The copy into it must have been submitted.
 * Rejects with `DeviceLostError` when the device goes meanwhile.
 */
export async function readBuffer(device: GPUDevice, staging: GPUBuffer, bytes = staging.size): Promise<ArrayBuffer> {
  const mapped = staging.mapAsync(GPUMapMode.READ, 0, bytes);
  await nudged(device, orLost(device, mapped));
  const copy = staging.getMappedRange(0, bytes).slice(0);
  staging.unmap();
  return copy;
}

/** Copies `bytes` of a buffer from `offset` on through a staging buffer that holds them. The copy is submitted at once. */
export function fetchStaged(
  device: GPUDevice,
  { buffer, offset, bytes }: CopySource,
  staging: GPUBuffer,
): Promise<ArrayBuffer> {
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, offset, staging, 0, bytes);
  device.queue.submit([encoder.finish()]);
  return readBuffer(device, staging, bytes);
}

/** Some rows on their way to the CPU. */
export interface StagedRows {
  readonly first: number;
  readonly count: number;
  readonly bytes: ArrayBuffer;
}

/** `count` rows of a buffer from `first` on, through a staging buffer of at least one row in as many pieces as needed. */
export async function* fetchRows(
  device: GPUDevice,
  buffer: GPUBuffer,
  staging: GPUBuffer,
  { bytesPerRow, first = 0, count }: { readonly bytesPerRow: number; readonly first?: number; readonly count: number },
): AsyncGenerator<StagedRows, void> {
  const perPiece = Math.max(1, Math.floor(staging.size / bytesPerRow));
  for (let at = first; at < first + count; at += perPiece) {
    const some = Math.min(perPiece, first + count - at);
    const source = { buffer, offset: at * bytesPerRow, bytes: some * bytesPerRow };
    yield { first: at, count: some, bytes: await fetchStaged(device, source, staging) };
  }
}

/** Resolves when everything submitted so far is done. Rejects with `DeviceLostError`. */
export function waitForQueue(device: GPUDevice): Promise<void> {
  return nudged(device, orLost(device, device.queue.onSubmittedWorkDone())).then(() => undefined);
}

/**
 * Firefox looks for finished work every 100 ms unless something is submitted: empty submits bring a wait from about 100 ms
 * down to 1–2 ms (https://bugzilla.mozilla.org/show_bug.cgi?id=1870699).
 */
async function nudged<T>(device: GPUDevice, work: Promise<T>): Promise<T> {
  if (!isFirefox) return work;
  const timer = setInterval(() => device.queue.submit([]), 2);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

const isFirefox = /firefox/i.test((globalThis as { navigator?: { userAgent?: string } }).navigator?.userAgent ?? '');

/** Declares the buffers of a ring of `slots` staging buffers. */
export function ringBuffers(
  name: string,
  bytes: number,
  bytesPerItem: number,
  formula: string,
  slots: number,
): PlannedBuffer[] {
  return Array.from({ length: slots }, (_, slot) => ({
    name: `${name}.${slot}`,
    bytes,
    bytesPerItem,
    role: 'readback',
    formula,
  }));
}

/** Slots of a ring in an allocation. */
export function ringSlots(allocation: Allocation, name: string): number {
  let slots = 0;
  while (allocation.names.includes(`${name}.${slots}`)) slots++;
  return slots;
}

/** A copy under way: submit the encoder, then `read`. */
export interface PendingRead {
  read(): Promise<ArrayBuffer>;
}

/** A stretch of a buffer, in bytes. */
export interface CopySource {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly bytes: number;
}

/** A few staging buffers used in turn. When all are busy a copy is skipped: live summaries can miss one. */
export class ReadbackRing {
  readonly #device: GPUDevice;
  readonly #free: GPUBuffer[];

  /** @param name under which `ringBuffers` planned its slots */
  constructor(device: GPUDevice, allocation: Allocation, name: string) {
    this.#device = device;
    this.#free = Array.from({ length: ringSlots(allocation, name) }, (_, slot) => allocation.buffer(`${name}.${slot}`));
  }

  /** Encodes copies of all `sources`, one behind the other into one slot, or returns undefined when no slot is free. */
  copyAll(encoder: GPUCommandEncoder, sources: readonly CopySource[]): PendingRead | undefined {
    const staging = this.#free.pop();
    if (!staging) return undefined;
    let at = 0;
    for (const { buffer, offset, bytes } of sources) {
      encoder.copyBufferToBuffer(buffer, offset, staging, at, bytes);
      at += bytes;
    }
    return {
      read: async () => {
        const data = await readBuffer(this.#device, staging, at);
        this.#free.unshift(staging);
        return data;
      },
    };
  }
}
