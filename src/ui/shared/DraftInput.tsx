import { TextInput, type TextInputProps } from '@mantine/core';
import { useEffect, useState } from 'react';

interface DraftInputProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  /** The value in force. */
  readonly text: string;
  /** Takes what is typed; where it is no valid value, `error` says so. */
  readonly take: (typed: string) => void;
  /** While somebody types, another spelling of the same value does not replace theirs. */
  readonly keepFocused?: boolean;
}

/** Text that becomes a value as soon as it is one; until then it stays as typed. */
export function DraftInput({ text, take, keepFocused = false, ...props }: DraftInputProps) {
  const [draft, setDraft] = useState(text);
  const [focused, setFocused] = useState(false);
  const held = keepFocused && focused;
  useEffect(() => {
    if (!held && !props.error) setDraft(text);
  }, [text, held, props.error]);
  return (
    <TextInput
      size="xs"
      inputMode="numeric"
      autoComplete="off"
      {...props}
      value={draft}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
      onChange={(event) => {
        setDraft(event.currentTarget.value);
        take(event.currentTarget.value);
      }}
    />
  );
}
