/** Names of the files of a trait. */

const texts = '\\.(txt|jsonl|csv|json)$';
export const POSITIVE = new RegExp(`^pos(itive)?${texts}`, 'i');
export const NEGATIVE = new RegExp(`^neg(ative)?${texts}`, 'i');
export const DEFINITION = /^trait_definition\.json$/i;

export const isTraitPart = (name: string) =>
  [POSITIVE, NEGATIVE, DEFINITION].some((form) => form.test(name)) || /^(definition\.txt|steering\.json)$/.test(name);

/** Whether a name says which texts a file holds: "pos.txt", "curiosity_negative.csv". */
export const says = (name: string, label: 'pos' | 'neg') =>
  new RegExp(`(^|[^a-z])${label}(${label === 'pos' ? 'itive' : 'ative'})?s?([^a-z]|$)`, 'i').test(name);
