import { useMemo } from 'react';
import { Panel } from '../../../ui/shared/Panel.tsx';
import classes from './Analysis.module.css';
import { useChosenPlace } from './chosen.ts';
import type { FinishedMetric } from './finished.ts';
import { readOff, type Source } from './read-off.ts';
import { TextSelect } from './TextSelect.tsx';
import { useArrays } from './useFinished.ts';

/** For one text: which tokens and heads counted, and how sure that is. */
export function ReadOff({ metrics }: { readonly metrics: readonly FinishedMetric[] }) {
  const wanted = useChosenPlace((chosen) => chosen.text);
  const texts = useMemo(() => longestOf(metrics), [metrics]);
  const text = Math.min(wanted, Math.max(0, texts.length - 1));
  const ig = useSource(metrics, 'integrated-gradients');
  const layers = useSource(metrics, 'layer-attribution');
  const ablation = useSource(metrics, 'ablation');
  const attention = useSource(metrics, 'attention');
  const words = texts[text]?.words ?? [];
  const findings = readOff({ ig, layers, ablation, attention }, words, text);
  if (findings.length === 0) return null;
  return (
    <Panel
      title={`Read off ${texts[text].name}`}
      about="What the finished metrics say of one text, in words: first what counted, then how sure that is. All cards below show the same text."
      aside={<TextSelect texts={texts} value={text} testId="analysis-text" />}
    >
      <dl className={classes.findings} data-testid="analysis-read-off">
        {findings.map(({ about, says, sure }) => (
          <div key={about}>
            <dt>{about}</dt>
            <dd>
              {says} <span className={classes.sure}>{sure}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** The run's texts, as far as any metric has read them with their words. */
function longestOf(metrics: readonly FinishedMetric[]) {
  return metrics
    .filter(({ texts }) => texts.some(({ words }) => words))
    .reduce<FinishedMetric['texts']>((most, { texts }) => (texts.length > most.length ? texts : most), []);
}

function useSource(metrics: readonly FinishedMetric[], wanted: string): Source | undefined {
  const found = metrics.find(({ id, objection }) => id === wanted && objection === undefined);
  const { arrays } = useArrays(found?.summary);
  const parts = found?.attributes.parts;
  return useMemo(
    () =>
      found && arrays
        ? { arrays, headlines: found.told.headlines, ...(typeof parts === 'string' && { parts: parts.split(' ') }) }
        : undefined,
    [found, arrays, parts],
  );
}
