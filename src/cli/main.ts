/** The command line's entry point on Node and Deno. */
import process from 'node:process';
import { version } from '../../package.json';
import { setNetcdfThreads } from '../bundle/netcdf-start.ts';
import { commands } from '../workloads/commands.ts';
import { workloads } from '../workloads/index.ts';
import { setShippedFiles } from '../workloads/shipped-files.ts';
import { EXIT } from './exit.ts';
import { netcdfThreads, serveNetcdf } from './netcdf-threads.ts';
import { runCli } from './program.ts';
import { SelfTestCache } from './self-test-cache.ts';
import { filesOnDisk } from './shipped-files.ts';
import { Interrupts } from './signals.ts';
import { errorStream, outputStream } from './streams.ts';

// Of dist-cli/lockstep.mjs, which lies beside `public`.
setShippedFiles(filesOnDisk(new URL('../public/', import.meta.url)));

let unwritten = false;
const err = errorStream();
const out = outputStream(err, () => {
  unwritten = true;
  process.exitCode ||= EXIT.failed;
});
const interrupts = new Interrupts();
const io = { out, err, onInterrupt: interrupts.onInterrupt };

// In a thread of its own this file reads netCDF files for the command line.
if (!serveNetcdf()) {
  setNetcdfThreads(netcdfThreads(new URL(import.meta.url)));
  const options = { registry: workloads, commands, io, version, selfTests: new SelfTestCache() };
  const code = interrupts.exitCode(await runCli(process.argv.slice(2), options));
  process.exitCode = code === EXIT.ok && unwritten ? EXIT.failed : code;
}
