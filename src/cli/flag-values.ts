/** Values as commander gives them: text, lists of text, or true. */
export type FlagValues = Readonly<Record<string, string | readonly string[] | true | undefined>>;
