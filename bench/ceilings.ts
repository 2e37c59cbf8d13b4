/**
 * The adapter's ceilings by themselves; the ladder measures them too, in its own run.
 *
 *     npm run bench:ceilings -- [--runtime deno]
 */
import { openGpu } from '../src/cli/gpu.ts';
import { measureCeilings } from './lib/ceilings.ts';
import { load, machine } from './lib/machine.ts';
import { ceilingRows } from './lib/report-ladder.ts';
import { table, writeResults } from './lib/table.ts';

const before = machine();
const { gpu, release } = await openGpu('auto');
const ceilings = await measureCeilings(gpu);
const context = { ...before, loadAfter: load(), adapter: gpu.report.name, runtime: gpu.report.runtime };
release();
const text = [
  '# Ceilings of the adapter',
  '',
  `Adapter: **${context.adapter}** (${context.runtime}). ${context.cpu}, ${context.threads} threads; load ${context.loadBefore} before, ${context.loadAfter} after. ${context.date}, commit ${context.commit}.`,
  '',
  table(['', 'per second'], ceilingRows(ceilings)),
].join('\n');
writeResults(`ceilings-${context.runtime}`, text, { context, ceilings });
