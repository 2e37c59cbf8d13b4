import { NativeSelect } from '@mantine/core';
import type { ToldText } from '../item-texts.ts';
import { chooseText } from './chosen.ts';

/** Letters of a text beside its name. */
const SHOWN = 36;

interface TextSelectProps {
  readonly texts: readonly ToldText[];
  readonly value: number;
  readonly testId?: string;
}

/** The text that all cards show. */
export function TextSelect({ texts, value, testId }: TextSelectProps) {
  if (texts.length < 2) return null;
  return (
    <NativeSelect
      size="xs"
      aria-label="Text"
      data-testid={testId}
      value={String(value)}
      data={texts.map((text, i) => ({ value: String(i), label: labelOf(text) }))}
      onChange={({ currentTarget }) => chooseText(Number(currentTarget.value))}
    />
  );
}

function labelOf({ name, words = [] }: ToldText): string {
  // Not the token that begins every text.
  const read = /^<.+>$/.test(words[0] ?? '') ? words.slice(1) : words;
  const whole = read.join('').replaceAll(/\s+/g, ' ').trim();
  const beginning = whole.length > SHOWN ? `${whole.slice(0, SHOWN)}…` : whole;
  return beginning ? `${name}: ${beginning}` : name;
}
