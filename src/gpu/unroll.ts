/**
 * Unrolls marked loops of WGSL text before it is linked. Not every driver unrolls loops of constant length, and on software adapters the
 * pixel loop of `shaders/shear` runs 2.7 times slower without it (bench/NOTES.md).
 *
 *     //! unroll k
 *     sum += weight[$k] * x$k;
 *     //! end
 *
 * becomes one copy of the lines for each k in 0 … count − 1, `$k` replaced by the number; `$ku` by the u32 literal. The copies stand on the line
 * of the first, so that line numbers elsewhere, and with them compile errors, stay true.
 */
export function unroll(text: string, count: number): string {
  const out: string[] = [];
  let block: string[] | undefined;
  let variable = '';
  for (const line of text.split('\n')) {
    const start = /^\s*\/\/! unroll (\w+)\s*$/.exec(line);
    if (start) {
      if (block) throw new Error('A "//! unroll" stands inside another one.');
      block = [];
      variable = start[1];
      out.push('');
    } else if (/^\s*\/\/! end\s*$/.test(line)) {
      if (!block) throw new Error('"//! end" without "//! unroll" before it.');
      const body = block.map((each) => each.replace(/\/\/.*$/, '').trim()).join(' ');
      const copies = Array.from({ length: count }, (_, k) => body.replaceAll(`$${variable}`, String(k)));
      // One blank line a source line keeps the count; the copies take the place of the first.
      out.push(copies.join(' '), ...block.slice(1).map(() => ''), '');
      block = undefined;
    } else if (block) block.push(line);
    else out.push(line);
  }
  if (block) throw new Error('"//! unroll" without "//! end" after it.');
  return out.join('\n');
}
