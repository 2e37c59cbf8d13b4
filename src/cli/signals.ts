/** What asks a command to end: Ctrl-C, the system's request, a terminal that was closed. */
import { constants } from 'node:os';
import process from 'node:process';
import { EXIT } from './exit.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Request = (typeof SIGNALS)[number];
/** The same request comes more than once where launchers pass on what the terminal has sent to all of them. */
const ECHO_MS = 1000;

export class Interrupts {
  #received: { readonly signal: Request; readonly atMs: number } | undefined;

  /**
   * Registers what the first request does; it ends the command in order. The next one, if it is no echo of the first, falls through to the
   * runtime and ends it at once.
   * @returns the function that takes it back
   */
  readonly onInterrupt = (stop: () => void): (() => void) => {
    let release = () => {};
    const handle = (signal: NodeJS.Signals) => {
      const atMs = performance.now();
      if (this.#received && atMs - this.#received.atMs < ECHO_MS) return;
      this.#received = { signal: signal as Request, atMs };
      setTimeout(release, ECHO_MS).unref();
      stop();
    };
    // Not every system has all of them.
    const taken = SIGNALS.filter((signal) => {
      try {
        return process.on(signal, handle);
      } catch {
        return false;
      }
    });
    release = () => {
      for (const signal of taken) process.off(signal, handle);
    };
    return release;
  };

  /** The code to exit with for a command's own: an interrupted one tells by what, as shells do (128 + the signal's number). */
  exitCode(code: number): number {
    return code === EXIT.interrupted && this.#received ? 128 + constants.signals[this.#received.signal] : code;
  }
}
