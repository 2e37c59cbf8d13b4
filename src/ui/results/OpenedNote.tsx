import { arithmeticWords } from '../../engine/run/cpu-path.ts';
import classes from '../history/History.module.css';
import { lackedFile, replacedFiles } from '../state/lacked-file.ts';
import { useStore } from '../state/store.ts';

/** Characters of a hash that are shown. */
const SHORT = 'sha256:'.length + 8;

/** Says that the results on screen were brought back, and that Run replaces them. */
export function OpenedNote() {
  const opened = useStore((store) => store.opened);
  const run = useStore((store) => store.run);
  const config = useStore((store) => store.ranConfig);
  const lacked = useStore((store) => lackedFile(store)?.noun);
  if (!opened) return null;
  const own = config ? replacedFiles(config, run) : [];
  return (
    <p className={classes.opened} data-testid="opened-run">
      <strong>{opened.title}</strong> Computed{' '}
      {run?.mode === 'webgpu' ? 'on a GPU' : `on the CPU (${arithmeticWords(run?.cpu)})`}, earlier
      {own.map(({ noun, name, sha256 }) => `, with the ${noun} ${name} (${sha256.slice(0, SHORT)}…)`).join('')}; nothing
      was computed to show it.{lacked ? ` That ${lacked} is not loaded: load it before the run is repeated.` : ''} Run
      replaces it on this page, not where it came from.
    </p>
  );
}
