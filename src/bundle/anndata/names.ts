/** Names of genes and cells, made unique. */

/**
 * The second and later ones of a name get "-1", "-2" …, whichever is free: what anndata's `make_index_unique` does.
 * @returns the names, and how many were changed
 */
export function uniqueNames(names: readonly string[]): { readonly names: readonly string[]; readonly changed: number } {
  const taken = new Set(names);
  if (taken.size === names.length) return { names, changed: 0 };
  const seen = new Set<string>();
  const next = new Map<string, number>();
  let changed = 0;
  const unique = names.map((name) => {
    if (!seen.has(name)) {
      seen.add(name);
      return name;
    }
    let number = next.get(name) ?? 1;
    while (taken.has(`${name}-${number}`)) number++;
    next.set(name, number + 1);
    taken.add(`${name}-${number}`);
    changed++;
    return `${name}-${number}`;
  });
  return { names: unique, changed };
}

/** A column of labels from one text a cell; undefined = missing. */
export function labelColumn(name: string, texts: readonly (string | undefined)[]) {
  const places = new Map<string, number>();
  const codes = Int32Array.from(texts, (text) => {
    if (text === undefined) return -1;
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  });
  return { kind: 'labels' as const, name, labels: [...places.keys()], codes };
}
