/** SHINE's validation levels. */

export type Level = 'level_0' | 'level_1' | 'level_2' | 'level_3';
export const LEVELS: readonly Level[] = ['level_0', 'level_1', 'level_2', 'level_3'];

/** The level that a preset of that name is; the others are judged as level 0, which takes every item. */
export function levelOf(preset: string): Level {
  return LEVELS.find((level) => level === preset.replace(/^level/, 'level_')) ?? 'level_0';
}

/** Items that enter the statistics of a level: of level 0 all, as it was made for noise so low that R̂ means nothing, and so without a level. */
export function judgedItems<T extends { readonly passed: boolean }>(
  items: readonly T[],
  level: Level | undefined,
): T[] {
  return level === undefined || level === 'level_0' ? [...items] : items.filter(({ passed }) => passed);
}
