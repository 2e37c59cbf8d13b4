/**
 * After a device is lost its map and queue promises may stay pending for ever, so every wait is raced with the loss.
 * `Promise.race([work, device.lost])` would do, but each race leaves a handler on `device.lost` that holds the result until
 * the device goes: a leak of every buffer ever read back. Here one handler serves all waits.
 */
import { DeviceLostError } from './errors.ts';

interface Watch {
  readonly pending: Set<(error: DeviceLostError) => void>;
  error?: DeviceLostError;
}

/** How long an aborted wait may turn out to be a lost device. */
const ABORT_GRACE_MS = 100;

const watches = new WeakMap<GPUDevice, Watch>();

/** Resolves or rejects as `work` does, or rejects with `DeviceLostError` as soon as the device is lost. */
export function orLost<T>(device: GPUDevice, work: Promise<T>): Promise<T> {
  const watch = watchOf(device);
  return new Promise<T>((resolve, reject) => {
    if (watch.error) {
      work.catch(() => undefined);
      reject(watch.error);
      return;
    }
    watch.pending.add(reject);
    const forget = () => watch.pending.delete(reject);
    work.then(
      (value) => {
        forget();
        resolve(value);
      },
      (error: unknown) => {
        // Browsers abort pending maps a moment before they tell of the loss that is the reason.
        const wait = (error as { name?: string } | undefined)?.name === 'AbortError' ? ABORT_GRACE_MS : 0;
        setTimeout(() => {
          forget();
          reject(watch.error ?? error);
        }, wait);
      },
    );
  });
}

/** Resolves once the device is lost, with the reason as a typed error. Never rejects. */
export async function lossOf(device: GPUDevice): Promise<DeviceLostError> {
  const info = await device.lost;
  return new DeviceLostError(info.reason ?? 'unknown', info.message ?? '');
}

function watchOf(device: GPUDevice): Watch {
  let watch = watches.get(device);
  if (!watch) {
    const created: Watch = { pending: new Set() };
    watches.set(device, created);
    void lossOf(device).then((error) => {
      created.error = error;
      for (const reject of created.pending) reject(error);
      created.pending.clear();
    });
    watch = created;
  }
  return watch;
}
