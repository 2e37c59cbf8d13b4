import { QualityPanel } from './QualityPanel.tsx';
import './run-points.ts';

/** How good the samples are, above the posteriors themselves. */
export default function FlowResults() {
  return <QualityPanel />;
}
