/** The user's texts as their roles read them. */
import type { OwnFile } from '../../bundle/own-file.ts';
import type { GivenText } from './texts.ts';

export interface TextsInput extends OwnFile {
  readonly texts: readonly GivenText[];
  /** Of a trait: what it is, in words. */
  readonly definition?: string;
  /** Of a trait: prompts on which steering is tried. */
  readonly questions?: readonly string[];
}

/** "12 texts", or of both kinds. */
export function countedTexts(texts: readonly GivenText[]): string {
  const count = (label: GivenText['label']) => texts.filter((text) => text.label === label).length;
  const [positive, negative] = [count('positive'), count('negative')];
  const whole = `${texts.length} ${texts.length === 1 ? 'text' : 'texts'}`;
  return positive > 0 && negative > 0 ? `${whole}: ${positive} positive, ${negative} negative` : whole;
}
