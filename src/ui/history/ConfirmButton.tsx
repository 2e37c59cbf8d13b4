import { Button } from '@mantine/core';
import { type MouseEvent, useState } from 'react';
import classes from './History.module.css';

interface ConfirmButtonProps {
  readonly size: 'xs' | 'compact-xs';
  /** What the button says at first, e.g. "Delete". */
  readonly label: string;
  /** What the button that does it says, e.g. "Delete it". */
  readonly confirm: string;
  /** What goes, for those who cannot see the row. */
  readonly what: string;
  readonly disabled?: boolean;
  readonly testId?: string;
  readonly onConfirm: () => void;
}

/** The second click of a double click is meant for what was there before. */
const deliberate = (event: MouseEvent) => event.detail < 2;

/** A button that asks before it does what cannot be undone. */
export function ConfirmButton({ size, label, confirm, what, disabled, testId, onConfirm }: ConfirmButtonProps) {
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <Button
        key="ask"
        size={size}
        variant="default"
        disabled={disabled}
        aria-label={`${label} ${what}`}
        data-testid={testId}
        onClick={() => setAsked(true)}
      >
        {label}
      </Button>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend on screen
    <span
      className={classes.actions}
      role="group"
      aria-label={`${label} ${what}?`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setAsked(false);
      }}
    >
      <Button
        key="keep"
        size={size}
        variant="default"
        autoFocus
        aria-label={`Keep ${what}`}
        onClick={(event) => deliberate(event) && setAsked(false)}
      >
        Keep
      </Button>
      <Button
        key="confirm"
        size={size}
        color="red.9"
        disabled={disabled}
        aria-label={`${confirm}: ${what}`}
        data-testid={testId && `${testId}-confirm`}
        onClick={(event) => {
          if (!deliberate(event)) return;
          setAsked(false);
          onConfirm();
        }}
      >
        {confirm}
      </Button>
    </span>
  );
}
