import { Legend } from '../../../ui/charts/Swatch.tsx';
import type { Prior } from '../tasks/prior.ts';

interface SceneLegendProps {
  /** What a disk is. */
  readonly sample: string;
  /** What else is drawn. */
  readonly exact: boolean;
  readonly prior: Prior['kind'] | undefined;
  readonly truth: boolean;
}

/** The marks of `drawScene`. */
export function SceneLegend({ sample, exact, prior, truth }: SceneLegendProps) {
  return (
    <Legend
      entries={[
        { shape: 'disk', color: '--series-1', label: sample },
        { shape: 'ring', color: '--series-1', label: 'outside the prior' },
        exact && { shape: 'dots', color: '--series-2', label: 'exact posterior' },
        { shape: 'dashed', color: '--axis', label: prior === 'normal' ? 'prior, two sd' : 'prior' },
        truth && { shape: 'target', color: '--truth', label: 'truth' },
      ]}
    />
  );
}
