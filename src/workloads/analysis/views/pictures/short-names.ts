/** Names without what all of them begin with, up to a dot: "h.0.ln_1.weight" of "transformer.h.0.ln_1.weight". */
export function shortNames(names: readonly string[]): readonly string[] {
  if (names.length < 2) return names;
  const [first, ...rest] = names;
  let shared = first.lastIndexOf('.') + 1;
  while (shared > 0 && !rest.every((name) => name.startsWith(first.slice(0, shared))))
    shared = first.lastIndexOf('.', shared - 2) + 1;
  return names.map((name) => name.slice(shared));
}
