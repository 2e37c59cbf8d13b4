/**
 * Unrolls marked loops of WGSL text before it is linked. Not every driver unrolls loops of constant length, and on software adapters the
 * longest loop of an experiment runs 2.7 times slower without it (bench/NOTES.md).
 *
 *     //! unroll k
 *     sum += weight[$k] * x$k;
 *     //! end
 *
 * becomes one copy of the lines for each k in 0 … count − 1, `$k` replaced by the number; `$ku` by the u32 literal. Blocks may stand in each
 * other. The copies stand on the line of the first, so that line numbers elsewhere, and with them compile errors, stay true.
 */
export type UnrollCounts = number | Readonly<Record<string, number>>;

/** @param counts of every variable, or one by one; a variable that is not named stands once. */
export function unroll(text: string, counts: UnrollCounts): string {
  const out: string[] = [];
  const open: { variable: string; body: string[] }[] = [];
  let lines = 0;
  for (const line of text.split('\n')) {
    const start = /^\s*\/\/! unroll (\w+)\s*$/.exec(line);
    const end = /^\s*\/\/! end\s*$/.test(line);
    if (end && open.length === 0) throw new Error('"//! end" without "//! unroll" before it.');
    if (start) open.push({ variable: start[1], body: [] });
    else if (end) {
      const { variable, body } = open.pop()!;
      const count = typeof counts === 'number' ? counts : (counts[variable] ?? 1);
      const copies = Array.from({ length: count }, (_, k) => body.join(' ').replaceAll(`$${variable}`, String(k)));
      const around = open.at(-1);
      if (around) around.body.push(copies.join(' '));
      // The copies take the place of the block's first line; blank lines keep the count.
      else out.push('', copies.join(' '), ...Array<string>(lines - 1).fill(''));
    } else if (open.length > 0) open.at(-1)!.body.push(line.replace(/\/\/.*$/, '').trim());
    else out.push(line);
    lines = open.length > 0 ? lines + 1 : 0;
  }
  if (open.length > 0) throw new Error('"//! unroll" without "//! end" after it.');
  return out.join('\n');
}
