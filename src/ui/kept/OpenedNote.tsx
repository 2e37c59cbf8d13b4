import { arithmeticWords } from '../../engine/cpu-path.ts';
import { useStore } from '../state/store.ts';
import classes from './History.module.css';

/** Says that the results on screen were brought back, and that Run replaces them. */
export function OpenedNote() {
  const opened = useStore((store) => store.opened);
  const run = useStore((store) => store.run);
  if (!opened) return null;
  return (
    <p className={classes.opened} data-testid="opened-run">
      <strong>{opened.title}</strong> Computed{' '}
      {run?.mode === 'webgpu' ? 'on a GPU' : `on the CPU (${arithmeticWords(run?.cpu)})`}, earlier; nothing was computed
      to show it. Run replaces it on this page, not where it came from.
    </p>
  );
}
