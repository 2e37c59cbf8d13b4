/** Looks beside runs: particles on their way, and exact posteriors to hold against. One at a time, never while a run has the device. */
import { parseRunConfig, type Registry } from '../engine/run-config.ts';
import type { DeviceOwner } from './device-owner.ts';
import type { FileOwner } from './file-owner.ts';
import type { ExactWish, PathsWish } from './look/types.ts';
import type { Answers } from './protocol.ts';
import type { WorkInHand } from './work-in-hand.ts';

export class LookOwner {
  readonly #registry: Registry;
  readonly #devices: DeviceOwner;
  readonly #files: FileOwner;
  readonly #work: WorkInHand;

  constructor(registry: Registry, devices: DeviceOwner, files: FileOwner, work: WorkInHand) {
    this.#registry = registry;
    this.#devices = devices;
    this.#files = files;
    this.#work = work;
  }

  async exact({ config, ...wish }: ExactWish): Promise<Answers['exact']> {
    const { exactPosterior } = await import('./look/exact.ts');
    const inputs = this.#files.inputs(config.workload);
    return exactPosterior({ ...wish, config: parseRunConfig(config, this.#registry) }, inputs);
  }

  /** A run that wants the device waits for the step under way. */
  paths({ config: given, ...wish }: PathsWish): Promise<Answers['paths']> {
    const work = this.#work;
    const before = work.look;
    const look = (async () => {
      await before?.catch(() => undefined);
      work.refuse('look at the flow');
      const config = parseRunConfig(given, this.#registry);
      const { followParticles } = await import('./look/paths.ts');
      const gpu = (await this.#devices.passed(config))?.gpu ?? null;
      return followParticles({ ...wish, config }, this.#files.inputs(config.workload), gpu, () => !work.busy);
    })();
    work.look = look;
    return look;
  }
}
