import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useStore } from '../state/store.ts';
import classes from './Controls.module.css';

// What opening takes is loaded with the first bundle: most visits open none.
const actions = () => import('../state/bundle.ts');

export function isBundle(file: File): boolean {
  return file.name.toLowerCase().endsWith('.zip');
}

/** Opens a dropped or chosen bundle. */
export async function takeBundle(file: File): Promise<void> {
  await (await actions()).openBundle(file);
}

/** While a bundle is being verified: how far, and a way out. Bundles dropped anywhere on the page are taken, too. */
export function Opening() {
  const opening = useStore((store) => store.opening);
  useDropAnywhere();
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

/** Takes zips that are dropped where nothing else takes them, instead of letting the browser leave the page for them. */
function useDropAnywhere(): void {
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      const file = [...(event.dataTransfer?.files ?? [])].find(isBundle);
      // React's own handlers ran before: whoever took the files has said so.
      if (!file || event.defaultPrevented) return;
      event.preventDefault();
      void takeBundle(file);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, []);
}
