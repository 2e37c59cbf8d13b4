import type { Terminal } from './reporter.ts';

/** What a command has of the world: where it writes, and what interrupts it. */
export interface RunIo {
  readonly out: Terminal;
  readonly err: Terminal;
  /** Registers what an interrupt (Ctrl-C) does. Returns the function that takes it back. */
  onInterrupt(stop: () => void): () => void;
}
