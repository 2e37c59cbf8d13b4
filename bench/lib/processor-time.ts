/** Processor time: what a figure on a software adapter costs, whatever else the machine does meanwhile. */
import { readdirSync, readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second for programs, on every architecture that it runs on. */
const TICK_MS = 10;

/** Of this process, ms. */
export function ownProcessorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Of all living descendants of this process, ms: a browser with its page and its GPU process. Linux only. */
export function descendantsProcessorMs(): number {
  const parents = new Map<number, { parent: number; ticks: number }>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name in parentheses may hold spaces; state, parent, … utime and stime follow it.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      parents.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // Ended meanwhile.
    }
  }
  const isDescendant = (pid: number): boolean => {
    const parent = parents.get(pid)?.parent ?? 0;
    return parent === process.pid || (parent > 1 && isDescendant(parent));
  };
  let ticks = 0;
  for (const [pid, { ticks: own }] of parents) if (isDescendant(pid)) ticks += own;
  return ticks * TICK_MS;
}
