import { Button } from '@mantine/core';
import { guard } from '../state/actions.ts';
import { useStore } from '../state/store.ts';
import classes from './Controls.module.css';

// What opening takes is loaded with the first bundle: most visits open none.
const actions = () => import('../state/bundle.ts');

export function isBundle(file: File): boolean {
  return file.name.toLowerCase().endsWith('.zip');
}

/** Opens a dropped or chosen bundle. */
export async function takeBundle(file: File): Promise<void> {
  await guard(async () => (await actions()).openBundle(file));
}

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
      <Button size="compact-sm" variant="default" onClick={() => void actions().then((a) => a.cancelOpening())}>
        Cancel
      </Button>
    </div>
  );
}
