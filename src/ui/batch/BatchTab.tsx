import { StagesPanel } from '../memory/StagesPanel.tsx';
import TunerPanel from '../tuner/TunerPanel.tsx';
import classes from './BatchTab.module.css';
import { PresetsPanel } from './PresetsPanel.tsx';
import { SizesPanel } from './SizesPanel.tsx';

/** Everything about batch sizes: what the tuner found, what each stage takes, then, folded, every size of the program. */
export default function BatchTab() {
  return (
    <div className={classes.stack}>
      {/* The tuner's panel comes first: it answers "which batch size?", the table answers "which other sizes are there?". */}
      <TunerPanel />
      <StagesPanel />
      <SizesPanel />
      <PresetsPanel />
    </div>
  );
}
