/**
 * Faults on demand, for tests and for teaching: a real device that misbehaves as asked and speaks of it as a real implementation does,
 * through error scopes, uncaptured errors, `device.lost` and waits that take long. Works wherever WebGPU does: the objects are the
 * implementation's own, with a few methods of each instance replaced.
 */

export interface FaultPlan {
  /** The device has room for so many bytes of buffers; one more is refused as out of memory. */
  readonly outOfMemoryAboveBytes?: number;
  /** This submit (1 is the first of all devices opened here) reports that the device ran out of memory while it worked. */
  readonly outOfMemoryAtSubmit?: number;
  /** A device is lost right after so many submits; 0: with the first buffer, before any. */
  readonly loseAfterSubmits?: number;
  /** Devices that are lost that way, one after the other (default 1). */
  readonly loseTimes?: number;
  /** Every submit takes at least so many milliseconds, one after the other. */
  readonly slowSubmitMs?: number;
  /** Submits of all devices before the slow ones begin (default 0). */
  readonly slowAfterSubmits?: number;
  /** Before this submit (1 is the first of all devices) a call is made that WebGPU must refuse; 0: beside the first buffer. */
  readonly validationAtSubmit?: number;
  /** Storage refuses to grow. Honoured by the checkpoint, not here. */
  readonly storageFull?: boolean;
  /** A byte of the next checkpoint is changed. Honoured by the checkpoint, not here. */
  readonly corruptCheckpoint?: boolean;
  /** A datum of this item is not a number. Honoured by the experiment, not here. */
  readonly spoiltItem?: number;
}

/** What all devices of one `withFaults` share. */
interface Shared {
  readonly plan: FaultPlan;
  readonly now: () => boolean;
  submits: number;
  losses: number;
}

/**
 * The given entry point, whose devices follow the plan. Other users of the same GPU are not touched.
 * @param now false while the plan is set aside: what happens meanwhile is not counted either
 */
export function withFaults(gpu: GPU, plan: FaultPlan, now: () => boolean = () => true): GPU {
  const shared: Shared = { plan, now, submits: 0, losses: 0 };
  const requestAdapter = async (options?: GPURequestAdapterOptions) => {
    const adapter = await gpu.requestAdapter(options);
    if (!adapter) return adapter;
    const requestDevice = adapter.requestDevice.bind(adapter);
    replace(adapter, 'requestDevice', async (descriptor?: GPUDeviceDescriptor) => {
      const device = await requestDevice(descriptor);
      new FaultyDevice(device, shared);
      return device;
    });
    return adapter;
  };
  return new Proxy(gpu, {
    get(target, key) {
      if (key === 'requestAdapter') return requestAdapter;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Replaces methods of one device, its queue and its buffers. */
class FaultyDevice {
  readonly #device: GPUDevice;
  readonly #shared: Shared;
  readonly #scopes: { filter: GPUErrorFilter; error: GPUError | null }[] = [];
  readonly #lose: () => void;
  readonly #create: GPUDevice['createBuffer'];
  #lost = false;
  #liveBytes = 0;
  #submits = 0;
  #buffers = 0;
  /** When a slow device will have done what was submitted so far. */
  #busyUntil = 0;

  constructor(device: GPUDevice, shared: Shared) {
    this.#device = device;
    this.#shared = shared;
    this.#create = device.createBuffer.bind(device);
    const natively = device.lost;
    const destroy = once(device.destroy.bind(device));
    replace(device, 'destroy', destroy);
    const done = device.queue.onSubmittedWorkDone.bind(device.queue);
    let tell: (info: GPUDeviceLostInfo) => void = () => undefined;
    const onDemand = new Promise<GPUDeviceLostInfo>((resolve) => {
      tell = resolve;
    });
    replace(device, 'lost', Promise.race([onDemand, natively]));
    this.#lose = () => {
      if (this.#lost) return;
      this.#lost = true;
      this.#shared.losses++;
      // Told before the device is gone: its own end would be called "destroyed". Memory comes back once the driver has let go of it.
      tell({ reason: 'unknown', message: 'lost on demand' } as GPUDeviceLostInfo);
      done().then(destroy, destroy);
    };
    this.#scopesOf();
    this.#buffersOf();
    this.#queueOf(device.queue);
  }

  #scopesOf(): void {
    const push = this.#device.pushErrorScope.bind(this.#device);
    const pop = this.#device.popErrorScope.bind(this.#device);
    replace(this.#device, 'pushErrorScope', (filter: GPUErrorFilter) => {
      this.#scopes.push({ filter, error: null });
      push(filter);
    });
    replace(this.#device, 'popErrorScope', async () => {
      const scope = this.#scopes.pop();
      return (await pop()) ?? scope?.error ?? null;
    });
  }

  #buffersOf(): void {
    const { plan } = this.#shared;
    replace(this.#device, 'createBuffer', (descriptor: GPUBufferDescriptor) => {
      if (!this.#shared.now()) return this.#watched(this.#create(descriptor));
      if (this.#buffers++ === 0) {
        if (plan.loseAfterSubmits === 0 && this.#mayLose()) this.#lose();
        if (plan.validationAtSubmit === 0) this.#create(REFUSED);
      }
      const room = (plan.outOfMemoryAboveBytes ?? Number.POSITIVE_INFINITY) - this.#liveBytes;
      if (descriptor.size > room) {
        const message = `no room for ${descriptor.size} bytes, ${this.#liveBytes} are in use`;
        if (descriptor.mappedAtCreation) throw new RangeError(message);
        this.#outOfMemory(message);
        return this.#invalidBuffer();
      }
      return this.#watched(this.#create(descriptor));
    });
  }

  /** What an implementation returns beside the error: a buffer that nothing can be done with. */
  #invalidBuffer(): GPUBuffer {
    this.#device.pushErrorScope('validation');
    const buffer = this.#create(REFUSED);
    void this.#device.popErrorScope();
    return buffer;
  }

  #outOfMemory(message: string): void {
    const error = new GPUOutOfMemoryError(message);
    const scope = this.#scopes.findLast(({ filter }) => filter === 'out-of-memory');
    if (scope) scope.error ??= error;
    else this.#device.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error, cancelable: true }));
  }

  #watched(buffer: GPUBuffer): GPUBuffer {
    const { size } = buffer;
    const destroy = buffer.destroy.bind(buffer);
    const map = buffer.mapAsync.bind(buffer);
    let alive = true;
    this.#liveBytes += size;
    replace(buffer, 'destroy', () => {
      if (alive) this.#liveBytes -= size;
      alive = false;
      destroy();
    });
    replace(buffer, 'mapAsync', (...given: Parameters<typeof map>) => this.#slowly(map(...given)));
    return buffer;
  }

  #queueOf(queue: GPUQueue): void {
    const submit = queue.submit.bind(queue);
    const done = queue.onSubmittedWorkDone.bind(queue);
    replace(queue, 'submit', (commands: Iterable<GPUCommandBuffer>) => this.#submit(() => submit(commands)));
    replace(queue, 'onSubmittedWorkDone', () => this.#slowly(done()));
    // Some bindings make the queue's object anew for whoever asks.
    replace(this.#device, 'queue', queue);
  }

  #submit(natively: () => void): void {
    // What is given to a lost device is forgotten.
    if (this.#lost) return;
    if (!this.#shared.now()) {
      natively();
      return;
    }
    const { plan } = this.#shared;
    const count = ++this.#shared.submits;
    this.#submits++;
    if (plan.validationAtSubmit === count) this.#create(REFUSED);
    natively();
    if (plan.outOfMemoryAtSubmit === count) this.#outOfMemory('the device ran out of memory while it worked');
    if (plan.slowSubmitMs !== undefined && count > (plan.slowAfterSubmits ?? 0)) {
      this.#busyUntil = Math.max(this.#busyUntil, performance.now()) + plan.slowSubmitMs;
    }
    if (this.#submits >= (plan.loseAfterSubmits ?? Number.POSITIVE_INFINITY) && this.#mayLose()) this.#lose();
  }

  #mayLose(): boolean {
    return this.#shared.losses < (this.#shared.plan.loseTimes ?? 1);
  }

  /** Not before the slow device has done what it was given until now; never on a lost one, which is the worst that implementations do. */
  async #slowly<T>(work: Promise<T>): Promise<T> {
    const until = this.#busyUntil;
    const result = await work;
    const wait = until - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (this.#lost) await new Promise(() => undefined);
    return result;
  }
}

/** A buffer without a use, which every implementation must refuse. */
const REFUSED: GPUBufferDescriptor = { label: 'refused on demand', size: 4, usage: 0 };

/** Dawn's Node binding may crash when a device is destroyed twice. */
function once(action: () => undefined): () => undefined {
  let over = false;
  return () => {
    if (over) return;
    over = true;
    action();
  };
}

/** Puts a member of one object in the place of what its prototype has. */
function replace<T extends object, K extends keyof T>(object: T, key: K, value: unknown): void {
  Object.defineProperty(object, key, { value, configurable: true, writable: true });
}
