/** `lockstep sizes`: the batch table with the values that `lockstep run` would take on this machine. */
import { guessMemoryClass, MEMORY_CLASS_LABELS, type MemoryClass } from '../batch/memory-class.ts';
import { parseRunConfig } from '../engine/config/run-config.ts';
import { describeError } from '../engine/errors.ts';
import { EXIT, exitOf, explain } from './exit.ts';
import { configFromFlags } from './flags.ts';
import { type Backend, type OpenGpu, openGpu } from './gpu.ts';
import type { RunArguments } from './run-command.ts';
import { sizeLines } from './size-lines.ts';

/** Writes the table and resolves to the exit code. What is wrong with the command is told on standard error. */
export async function sizesCommand({ workload, given, base, io }: RunArguments, open = openGpu): Promise<number> {
  try {
    const { batch } = parseRunConfig(configFromFlags(workload, given, base), [workload]);
    const backend = (given.get('backend') ?? 'auto') as Backend;
    const { memoryClass, from } =
      batch.memoryClass === 'auto' || backend === 'cpu'
        ? await guessed(backend, open)
        : { memoryClass: batch.memoryClass, from: 'as given' };
    io.out.write(`Memory class ${memoryClass} (${MEMORY_CLASS_LABELS[memoryClass]}), ${from}.\n`);
    for (const line of sizeLines(memoryClass, batch.sizes, io.out.columns)) io.out.write(`${line}\n`);
    return EXIT.ok;
  } catch (thrown) {
    io.err.write(`${explain(thrown, workload)}\n`);
    return exitOf(thrown);
  }
}

/** The class that a run would guess, and from what: without an adapter that of the CPU, which computes then. */
async function guessed(
  backend: Backend,
  open: typeof openGpu,
): Promise<{ readonly memoryClass: MemoryClass; readonly from: string }> {
  if (backend === 'cpu') return { memoryClass: guessMemoryClass(null), from: 'for --backend cpu' };
  let device: OpenGpu;
  try {
    device = await open(backend);
  } catch (thrown) {
    if (describeError(thrown).name !== 'NoAdapterError') throw thrown;
    return { memoryClass: guessMemoryClass(null), from: 'as there is no adapter' };
  }
  try {
    const { report } = device.gpu;
    return { memoryClass: guessMemoryClass(report), from: `guessed from the adapter, ${report.name}` };
  } finally {
    device.release();
  }
}
