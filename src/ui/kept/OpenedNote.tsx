import { useStore } from '../state/store.ts';
import classes from './History.module.css';

/** Says that the results on screen were brought back, and that Run replaces them. */
export function OpenedNote() {
  const opened = useStore((store) => store.opened);
  const startedWith = useStore((store) => store.run?.mode);
  if (!opened) return null;
  return (
    <p className={classes.opened} data-testid="opened-run">
      <strong>{opened.title}</strong> Computed {startedWith === 'webgpu' ? 'on a GPU' : 'by the f64 twin on the CPU'},
      earlier; nothing was computed to show it. Run replaces it on this page, not where it came from.
    </p>
  );
}
