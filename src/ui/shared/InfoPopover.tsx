import { Popover } from '@mantine/core';
import { cloneElement, type ReactElement, type ReactNode, useState } from 'react';

interface TargetProps {
  onClick?: () => void;
  onKeyDown?: (event: React.KeyboardEvent) => void;
}

interface InfoPopoverProps {
  readonly label: string;
  readonly width: number;
  readonly className: string;
  /** The button that opens it. */
  readonly target: ReactElement<TargetProps>;
  /** What is in it; given a function, that is called with what closes it for somewhere else to take the focus. */
  readonly children: ReactNode | ((leave: () => void) => ReactNode);
}

/** A button with a box of information. Escape closes it from the button too, where the focus stays. */
export function InfoPopover({ label, width, className, target, children }: InfoPopoverProps) {
  const [open, setOpen] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const leave = () => {
    setLeaving(true);
    setOpen(false);
  };
  return (
    <Popover opened={open} onChange={setOpen} width={width} position="bottom-end" shadow="md" returnFocus={!leaving}>
      <Popover.Target>
        {cloneElement(target, {
          onClick: () => {
            setLeaving(false);
            setOpen((before) => !before);
          },
          onKeyDown: (event) => {
            if (event.key === 'Escape') setOpen(false);
          },
        })}
      </Popover.Target>
      <Popover.Dropdown className={className} aria-label={label} tabIndex={0}>
        {typeof children === 'function' ? children(leave) : children}
      </Popover.Dropdown>
    </Popover>
  );
}
