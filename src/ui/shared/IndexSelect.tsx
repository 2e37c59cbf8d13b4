import { NativeSelect } from '@mantine/core';

interface IndexSelectProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly value: number;
  readonly onChange: (index: number) => void;
}

/** One of several names, by its place among them. */
export function IndexSelect({ label, names, value, onChange }: IndexSelectProps) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={String(value)}
      data={names.map((name, index) => ({ value: String(index), label: name }))}
      onChange={(event) => onChange(Number(event.currentTarget.value))}
    />
  );
}

interface PlaneSelectProps {
  readonly names: readonly string[];
  readonly axes: readonly [number, number];
  readonly onChange: (axes: readonly [number, number]) => void;
}

/** The two parameters whose plane is shown. */
export function PlaneSelect({ names, axes: [x, y], onChange }: PlaneSelectProps) {
  return (
    <>
      <IndexSelect label="Parameter along x" names={names} value={x} onChange={(index) => onChange([index, y])} />
      <span aria-hidden="true">×</span>
      <IndexSelect label="Parameter along y" names={names} value={y} onChange={(index) => onChange([x, index])} />
    </>
  );
}
