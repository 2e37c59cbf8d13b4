import { VectorPanel } from './VectorPanel.tsx';

/** Above the table of texts: which layer knows what sets the two sides apart. */
export default function ActivationsResults() {
  return <VectorPanel />;
}
