/** Words that fill the places of stories, and those that tell a mood. */

export const GIRLS = ['Lily', 'Mia', 'Anna', 'Sue', 'Zoe'] as const;
export const BOYS = ['Tom', 'Ben', 'Max', 'Tim', 'Sam'] as const;

/** What a place of a template is filled with; every one is drawn at most once a story. */
export const FILLINGS = {
  A: ['dog', 'cat', 'duck', 'pony'],
  C: ['red', 'blue', 'green'],
  D: ['Mom', 'Dad', 'Grandma'],
  P: ['park', 'farm', 'school', 'garden'],
  T: ['ball', 'kite', 'doll', 'car', 'boat'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Beginnings of words by which a text is counted happy or sad. No situation and no event has one: only what follows from them. */
export const HAPPY_STEMS = ['happ', 'glad', 'smil', 'laugh', 'joy', 'proud', 'best', 'danc', 'hug'] as const;
export const SAD_STEMS = ['sad', 'cri', 'tear', 'upset', 'worst', 'alone', 'sorr', 'wept', 'hurt'] as const;

/** Words of a text that begin with a stem of either list. */
export function moodWords(text: string): { readonly happy: number; readonly sad: number } {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  const count = (stems: readonly string[]) =>
    words.filter((word) => stems.some((stem) => word.startsWith(stem))).length;
  return { happy: count(HAPPY_STEMS), sad: count(SAD_STEMS) };
}
