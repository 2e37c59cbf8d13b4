import { Switch } from '@mantine/core';

interface LogSwitchProps {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  /** Where some values have no logarithm. */
  readonly disabled?: boolean;
}

/** Whether a picture goes by the logarithm of its values. */
export function LogSwitch({ on, onChange, disabled }: LogSwitchProps) {
  return (
    <Switch
      size="xs"
      label="Logarithm"
      checked={on}
      disabled={disabled}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
