/** What the walk through a chunk means for the run's clock and for what is told. */
import type { WalkListener } from './chunk-walk.ts';
import type { RunMeter } from './meter.ts';
import type { RunListener } from './run-options.ts';
import type { Telling } from './telling.ts';

export function tellWalk(listener: RunListener, meter: RunMeter, telling: Telling): WalkListener {
  return {
    peek: listener.peek?.bind(listener),
    held: () => {
      meter.pause();
      telling.turn('paused');
    },
    // Its time counts, or two steps would look as if they had taken none: rates would shoot up.
    stepping: () => meter.resume(),
    going: () => {
      meter.resume();
      if (telling.state !== 'running') telling.turn('running');
    },
    advanced: (chunk, now) => {
      meter.report(chunk);
      telling.chunk = chunk;
      telling.phase = chunk.phase === 'done' ? 'collect' : chunk.phase;
      telling.tell(now);
    },
  };
}
