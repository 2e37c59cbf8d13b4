/** Which failures of a trial mean that the chunk was too large. Everything else is a defect and ends the tuning. */
import { DeviceLostError, LimitError, OutOfMemoryError } from '../../gpu/errors.ts';
import type { TunerDevice } from './device.ts';

/**
 * Why the chunk does not fit, in words; a lost device is replaced on the way. Throws what says nothing about memory: a validation error
 * is a fault of the program, a `RangeError` of JavaScript's own comes from a buffer it has no room for.
 */
export async function sizeFailure(thrown: unknown, device: TunerDevice): Promise<string> {
  if (thrown instanceof DeviceLostError) {
    await device.replace();
    return `${thrown.message} A new one was opened.`;
  }
  if (thrown instanceof OutOfMemoryError || thrown instanceof LimitError) return thrown.message;
  if (thrown instanceof RangeError) return `No room: ${thrown.message}.`;
  throw thrown;
}
