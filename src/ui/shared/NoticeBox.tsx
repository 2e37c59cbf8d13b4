import type { ReactNode } from 'react';
import { WarnIcon } from './icons.tsx';
import classes from './NoticeBox.module.css';

interface NoticeBoxProps {
  readonly role: 'alert' | 'status';
  readonly tone?: 'error' | 'warning' | 'info';
  /** Takes as little room as it can. */
  readonly compact?: boolean;
  readonly icon?: boolean;
  readonly testId?: string;
  /** Without it the message stays. */
  readonly onClose?: () => void;
  readonly children: ReactNode;
}

/** A message across the page, with or without a way to put it away. */
export function NoticeBox({ role, tone, compact, icon, testId, onClose, children }: NoticeBoxProps) {
  return (
    <div
      className={classes.notice}
      role={role}
      data-tone={tone}
      data-compact={compact || undefined}
      data-testid={testId}
    >
      {icon && <WarnIcon />}
      <div className={classes.body}>{children}</div>
      {onClose && <CloseMark label="Dismiss" onClick={onClose} />}
    </div>
  );
}

interface CloseMarkProps {
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

/** A button that puts something away. */
export function CloseMark({ label, disabled, onClick }: CloseMarkProps) {
  return (
    <button type="button" className={classes.close} aria-label={label} disabled={disabled} onClick={onClick}>
      <span aria-hidden="true">×</span>
    </button>
  );
}
