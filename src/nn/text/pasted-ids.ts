/** Ids in the place of a text, as somebody pastes them: "1, 403, 12", "[1 403 12]". */

/** Undefined for what is no list of ids. */
export function pastedIds(text: string): number[] | undefined {
  const inside = text.trim().replace(/^\[([\s\S]*)\]$/, '$1');
  if (!/^\s*\d+(\s*[,;\s]\s*\d+)*\s*[,;]?\s*$/.test(inside)) return undefined;
  return inside
    .split(/[,;\s]+/)
    .filter((word) => word !== '')
    .map(Number);
}
