/** Ids in the place of a text, as somebody pastes them: "1, 403, 12", "[1 403 12]". */

/** Undefined for what is no list of ids. */
export function pastedIds(text: string): number[] | undefined {
  const trimmed = text.trim();
  const inside = trimmed.startsWith('[') && trimmed.endsWith(']') ? trimmed.slice(1, -1).trim() : trimmed;
  const words = inside.replace(/\s+/g, ' ').split(/ ?[,;] ?| /);
  // A comma may end them.
  if (words.at(-1) === '') words.pop();
  return words.length > 0 && words.every((word) => /^\d{1,10}$/.test(word)) ? words.map(Number) : undefined;
}
