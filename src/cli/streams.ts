/** Standard output and error that may be closed or full: what can be written nowhere must end no run. */
import process from 'node:process';
import type { Terminal } from './reporter.ts';
import { plainCause } from './storage-error.ts';

/** Set by the launcher, through which standard error goes: how wide the terminal at its end is. */
const COLUMNS_VARIABLE = 'LOCKSTEP_TERMINAL_COLUMNS';

/** Standard error: whatever it can no longer take is lost, and nothing else. */
export function errorStream(stream: NodeJS.WriteStream = process.stderr): Terminal {
  const columns = Number(process.env[COLUMNS_VARIABLE]);
  return columns > 0 ? { ...guarded(stream, () => {}), isTTY: true, columns } : guarded(stream, () => {});
}

/**
 * Standard output. A reader that has seen enough (`| head`) closes the pipe, and that is no error of ours; any other failure is told on
 * standard error, once.
 * @param failed called once, where the command's output could not be written
 */
export function outputStream(err: Terminal, failed: () => void, stream: NodeJS.WriteStream = process.stdout): Terminal {
  let told = false;
  return guarded(stream, (error) => {
    if (error.code === 'EPIPE') process.exit();
    if (told) return;
    told = true;
    err.write(`error: standard output could not be written: ${plainCause(error)}. Files are not touched by it.\n`);
    failed();
  });
}

/** Errors come from the call or, later, as an event. */
function guarded(stream: NodeJS.WriteStream, onError: (error: NodeJS.ErrnoException) => void): Terminal {
  stream.on('error', onError);
  return {
    write(text) {
      try {
        stream.write(text);
      } catch (error) {
        onError(error as NodeJS.ErrnoException);
      }
    },
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
  };
}
