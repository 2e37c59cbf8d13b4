import { Button } from '@mantine/core';
import { useStore } from '../state/store.ts';
import classes from './Controls.module.css';

/** While a bundle is being verified: how far, and a way out. */
export function Opening() {
  const opening = useStore((store) => store.opening);
  if (!opening) return null;
  const { name, done, total } = opening;
  return (
    <div className={classes.file} role="status">
      <span className={classes.fileText}>
        Verifying {name}: {done} of {total || '…'} files
      </span>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => void import('../state/bundle.ts').then(({ cancelOpening }) => cancelOpening())}
      >
        Cancel
      </Button>
    </div>
  );
}
