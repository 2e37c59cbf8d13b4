import { QualityPanel } from './QualityPanel.tsx';

/** How good the samples are, above the posteriors themselves. */
export default function FlowResults() {
  return <QualityPanel />;
}
