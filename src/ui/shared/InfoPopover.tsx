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
  readonly children: ReactNode;
}

/** A button with a box of information. Escape closes it from the button too, where the focus stays. */
export function InfoPopover({ label, width, className, target, children }: InfoPopoverProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} width={width} position="bottom-end" shadow="md" returnFocus>
      <Popover.Target>
        {cloneElement(target, {
          onClick: () => setOpen((before) => !before),
          onKeyDown: (event) => {
            if (event.key === 'Escape') setOpen(false);
          },
        })}
      </Popover.Target>
      <Popover.Dropdown className={className} aria-label={label} tabIndex={0}>
        {children}
      </Popover.Dropdown>
    </Popover>
  );
}
