import { NativeSelect } from '@mantine/core';

interface QuantitySelectProps {
  readonly quantities: readonly { readonly id: string; readonly label: string }[];
  readonly value: string;
  readonly onChange: (id: string) => void;
  /** "What the colours show" unless given. */
  readonly label?: string;
}

/** Which of several quantities a picture shows; nothing where there is one alone. */
export function QuantitySelect({ quantities, value, onChange, label = 'What the colours show' }: QuantitySelectProps) {
  if (quantities.length < 2) return null;
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={value}
      data={quantities.map((each) => ({ value: each.id, label: each.label }))}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
