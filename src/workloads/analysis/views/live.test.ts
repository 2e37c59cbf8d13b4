import { expect, test } from 'vitest';
import type { StageMemory } from '../../../engine/plan/stage-memory.ts';
import type { RunProgress } from '../../../engine/run/progress.ts';
import type { DatasetSummary } from '../../../results/dataset/item.ts';
import { finishedMetrics } from './finished.ts';
import { metricRows } from './live.ts';

const MIB = 2 ** 20;
const METRICS = ['attention', 'hessian', 'jacobian', 'logit-lens'];
const info = (index: number) => ({ index, runId: METRICS[index], seed: 0, truth: {} });

function summary(index: number, attributes: Record<string, string>, value?: number): DatasetSummary {
  const headlines = value === undefined ? [] : [{ key: 'v', name: 'a number', value }];
  const told = JSON.stringify({ definition: '', headlines, beside: [], notes: [] });
  return {
    info: info(index),
    attempts: 1,
    converged: true,
    problems: [],
    work: 1,
    attributes: { ...attributes, told },
  };
}

const stage = (name: string, totalBytes: number, more: Partial<StageMemory> = {}): StageMemory => ({
  ...{ name, items: 1, chunk: 1, totalBytes, ...more },
});

test('says of each metric whether it waits, runs, is done, does not apply or failed, and what it holds', () => {
  const inner = {
    entry: 'analysis.curvatureChunk',
    value: 96,
    rows: 256,
    otherwise: [{ value: 24, totalBytes: 103 * MIB }],
  };
  const rows = metricRows({
    metrics: METRICS,
    finished: finishedMetrics([
      summary(0, { title: 'Attention heads' }, 2),
      summary(3, { objection: 'It has no layers.' }),
    ]),
    failed: [{ info: info(2), error: 'GpuError', reason: 'out of memory' }],
    progress: {
      ...{
        state: 'running',
        chunk: { index: 0, count: 1, size: 1, watchable: [1] },
        transitions: { done: 3, total: 12 },
      },
    } as unknown as RunProgress,
    stages: [stage('a', MIB), stage('h', 412 * MIB, { inner } as Partial<StageMemory>), stage('j', MIB), stage('l', 0)],
  });
  expect(rows).toMatchObject([
    { id: 'attention', state: 'done', memory: '1.0 MiB', first: { value: 2 } },
    {
      ...{ id: 'hessian', state: 'running', fraction: 0.25 },
      ...{ memory: '96 of 256, 412.0 MiB', otherwise: '24 would take 103.0 MiB' },
    },
    { id: 'jacobian', state: 'failed', reason: 'out of memory' },
    { id: 'logit-lens', state: 'refused', reason: 'It has no layers.' },
  ]);
});

test('before a run all wait, with what they will take', () => {
  const rows = metricRows({
    ...{ metrics: ['attention', 'hessian'], finished: [], failed: [], progress: undefined },
    stages: [stage('a', MIB), stage('h', 9 * MIB, { tooLarge: 'more than the budget' })],
  });
  expect(rows.map(({ state, memory, reason }) => [state, memory, reason])).toEqual([
    ['waiting', '1.0 MiB', undefined],
    ['waiting', '9.0 MiB', 'more than the budget'],
  ]);
});
