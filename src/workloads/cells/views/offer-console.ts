/**
 * `lockstep.sample` and `lockstep.denoise` in the browser's console, as users of the origin call them:
 *
 *     const { data, shape } = await lockstep.sample({ n_cells: 8, num_steps: 64, use_amp: true });
 */
import { theEngine } from '../../../ui/state/actions.ts';
import { jobOf } from '../../../worker/client.ts';
import type { DenoiseOptions, SampleOptions, TokenArray } from '../console.ts';
import type { ConsoleTypes, ConsoleWish } from '../jobs/console-types.ts';

export interface PageConsole {
  sample(options: SampleOptions): Promise<TokenArray>;
  denoise(x: ArrayLike<number>, options?: DenoiseOptions): Promise<TokenArray>;
}

const ask = (wish: ConsoleWish) => jobOf<ConsoleTypes>(theEngine(), 'cells', 'console').start(wish);

export function offerConsole(): void {
  const lockstep: PageConsole = {
    sample: (options) => ask({ what: 'sample', options }),
    denoise: (x, options = {}) => ask({ what: 'denoise', x, options }),
  };
  Object.assign(globalThis, { lockstep });
}
