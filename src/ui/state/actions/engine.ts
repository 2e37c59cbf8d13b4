/** The engine of this page: what actions ask, and nothing else does. */
import { connectEngine, type EngineClient } from '../../../worker/client.ts';
import { wire } from '../wiring.ts';

/** Undefined until it is started. */
export let engine: EngineClient | undefined;

/** Starts the engine's worker; undefined where it has been started. */
export function startEngine(): EngineClient | undefined {
  if (engine) return undefined;
  engine = connectEngine();
  wire(engine);
  return engine;
}

/** For what nobody can ask before it is started. */
export function theEngine(): EngineClient {
  return engine!;
}

/** Somebody uses the page: what a run needs is loaded, so that it starts at once. */
export function prepare(): void {
  engine?.prepare();
}
