/** Names in layers, each below all of its parents. */
export function layersOf(nodes: readonly { readonly name: string; readonly parents: readonly number[] }[]): string[][] {
  const depths: number[] = [];
  for (const { parents } of nodes)
    depths.push(parents.length === 0 ? 0 : 1 + Math.max(...parents.map((parent) => depths[parent])));
  const layers: string[][] = Array.from({ length: Math.max(-1, ...depths) + 1 }, () => []);
  nodes.forEach(({ name }, i) => {
    layers[depths[i]].push(name);
  });
  return layers;
}
