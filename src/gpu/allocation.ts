/**
 * Turns a buffer plan into buffers, all or nothing: limits are checked before anything is taken, and a failure frees what
 * was taken. An allocation that succeeds is complete, so nothing can run out of memory later.
 */
import { LimitError, OutOfMemoryError, ValidationError } from './errors.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';
import { orLost } from './loss.ts';
import { type BufferPlan, type BufferRole, planBytes } from './plan.ts';

export interface Allocation {
  /** Bytes of the whole plan. */
  readonly bytes: number;
  /** Names in the plan. */
  readonly names: readonly string[];
  /** A buffer by its name in the plan; throws for a name that is not there. */
  buffer(name: string): GPUBuffer;
  /** Frees everything and takes it off the ledger. Safe to call twice. */
  destroy(): void;
}

/**
 * Checks a plan against a device's limits, without a device.
 * Throws `LimitError` for a buffer that is too large, `RangeError` for a plan that is wrong in itself.
 */
export function checkPlan(plan: BufferPlan, limits: Readonly<Record<string, number>>): void {
  const names = new Set<string>();
  for (const { name, bytes, role } of plan.buffers) {
    if (names.has(name)) throw new RangeError(`The buffer plan names "${name}" twice`);
    names.add(name);
    if (!Number.isSafeInteger(bytes) || bytes < 4 || bytes % 4 !== 0) {
      throw new RangeError(`Buffer "${name}" has ${bytes} bytes; it must be a positive multiple of 4`);
    }
    const binding = bindingLimit(role);
    for (const limit of binding ? [binding, 'maxBufferSize'] : ['maxBufferSize']) {
      const most = limits[limit] ?? Number.POSITIVE_INFINITY;
      if (bytes > most) throw new LimitError(name, bytes, limit, most);
    }
  }
}

/** Creates every buffer of a plan. Throws `LimitError`, `OutOfMemoryError`, `ValidationError` or `DeviceLostError`. */
export async function allocate(
  device: GPUDevice,
  limits: Readonly<Record<string, number>>,
  ledger: Ledger,
  plan: BufferPlan,
): Promise<Allocation> {
  checkPlan(plan, limits);
  const buffers = new Map<string, GPUBuffer>();
  const entries: LedgerEntry[] = [];
  const destroy = () => {
    for (const buffer of buffers.values()) buffer.destroy();
    for (const entry of entries) ledger.remove(entry);
    entries.length = 0;
  };

  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  let thrown: unknown;
  try {
    for (const { name, bytes, role } of plan.buffers) {
      buffers.set(name, device.createBuffer({ label: name, size: bytes, usage: usageOf(role) }));
      entries.push(ledger.add(name, bytes, role));
    }
  } catch (error) {
    thrown = error;
  }
  try {
    const [memory, validation] = await orLost(
      device,
      Promise.all([device.popErrorScope(), device.popErrorScope()]), // innermost scope first
    );
    if (memory) throw new OutOfMemoryError(planBytes(plan), memory.message);
    if (validation) throw new ValidationError(validation.message);
    if (thrown) throw thrown instanceof RangeError ? new OutOfMemoryError(planBytes(plan), thrown.message) : thrown;
  } catch (error) {
    destroy();
    throw error;
  }

  return {
    bytes: planBytes(plan),
    names: plan.buffers.map(({ name }) => name),
    buffer(name) {
      const buffer = buffers.get(name);
      if (!buffer) throw new Error(`The plan has no buffer "${name}"; it has ${[...buffers.keys()].join(', ')}`);
      return buffer;
    },
    destroy,
  };
}

function bindingLimit(role: BufferRole): string | undefined {
  if (role === 'storage') return 'maxStorageBufferBindingSize';
  return role === 'uniform' ? 'maxUniformBufferBindingSize' : undefined;
}

function usageOf(role: BufferRole): GPUBufferUsageFlags {
  switch (role) {
    case 'storage':
      return GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    case 'uniform':
      return GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    case 'readback':
      return GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    case 'upload':
      return GPUBufferUsage.MAP_WRITE | GPUBufferUsage.COPY_SRC;
    case 'query':
      return GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
  }
}
