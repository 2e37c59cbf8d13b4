/** The command line's entry point on Node and Deno. */
import process from 'node:process';
import { version } from '../../package.json';
import { setNetcdfThreads } from '../bundle/netcdf-thread.ts';
import { commands } from '../workloads/commands.ts';
import { workloads } from '../workloads/index.ts';
import { setShippedFiles } from '../workloads/shipped-files.ts';
import { netcdfThreads, serveNetcdf } from './netcdf-threads.ts';
import { runCli } from './program.ts';
import { filesOnDisk } from './shipped-files.ts';

// A reader that has seen enough (`| head`) closes the pipe: that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// Of dist-cli/lockstep.mjs, which lies beside `public`.
setShippedFiles(filesOnDisk(new URL('../public/', import.meta.url)));

const io = {
  out: process.stdout,
  err: process.stderr,
  onInterrupt(stop: () => void) {
    // The first Ctrl-C stops in order; a second one falls through to the runtime and ends at once.
    process.once('SIGINT', stop);
    return () => process.off('SIGINT', stop);
  },
};

// In a thread of its own this file reads netCDF files for the command line.
if (!serveNetcdf()) {
  setNetcdfThreads(netcdfThreads(new URL(import.meta.url)));
  process.exitCode = await runCli(process.argv.slice(2), { registry: workloads, commands, io, version });
}
