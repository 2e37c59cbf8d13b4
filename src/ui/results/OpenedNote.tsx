import { arithmeticWords } from '../../engine/cpu-path.ts';
import classes from '../history/History.module.css';
import { lackedNetwork } from '../state/other-network.ts';
import { useStore } from '../state/store.ts';

/** Characters of a hash that are shown. */
const SHORT = 'sha256:'.length + 8;

/** Says that the results on screen were brought back, and that Run replaces them. */
export function OpenedNote() {
  const opened = useStore((store) => store.opened);
  const run = useStore((store) => store.run);
  const lacked = useStore((store) => lackedNetwork(store) !== undefined);
  if (!opened) return null;
  const network = run?.network;
  return (
    <p className={classes.opened} data-testid="opened-run">
      <strong>{opened.title}</strong> Computed{' '}
      {run?.mode === 'webgpu' ? 'on a GPU' : `on the CPU (${arithmeticWords(run?.cpu)})`}, earlier
      {network ? `, with the network ${network.name} (${network.sha256.slice(0, SHORT)}…)` : ''}; nothing was computed
      to show it.{lacked ? ' That network is not loaded: load it before the run is repeated.' : ''} Run replaces it on
      this page, not where it came from.
    </p>
  );
}
