import { Panel } from '../shared/Panel.tsx';

/** Every entry of the batch table. */
export function SizesPanel() {
  return <Panel title="Batch sizes">{null}</Panel>;
}
