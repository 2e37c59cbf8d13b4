/** The table of batches: every stage with exact bytes, and with another value of its entry. */
import { describe, expect, test } from 'vitest';
import type { AdapterReport } from '../../gpu/report.ts';
import type { Workload } from '../../workloads/workload.ts';
import { parseRunConfig } from '../config/run-config.ts';
import { gaussianWorkload } from '../test-support/gaussian.ts';
import { PIECE, rowsBytes, rowsDefaults, rowsWorkload } from '../test-support/rows.ts';
import { memoryTable } from './memory-table.ts';
import { planRun } from './plan-run.ts';
import { stagePlans, stageWords } from './stage-memory.ts';

const adapter = (maxBufferSize = 2 ** 28): AdapterReport => ({
  ...{ vendor: 'v', architecture: 'a', device: 'd', description: '', name: 'v a', runtime: 'node' },
  ...{ software: false, features: [], loopIterationLimit: null },
  limits: { maxBufferSize, maxStorageBufferBindingSize: maxBufferSize, maxComputeWorkgroupsPerDimension: 65_535 },
});

function stages(params: object = {}, sizes: object = { [PIECE]: 16 }, report: AdapterReport | null = adapter()) {
  const workload = rowsWorkload() as unknown as Workload;
  const given = { workload: 'rows', batch: { size: 1, sizes }, params: { ...rowsDefaults, ...params } };
  return stagePlans(workload, parseRunConfig(given, [workload]), {}, report);
}

describe('of each stage', () => {
  test('its entry, how many of how many, exact bytes, and those of a quarter and of all', () => {
    expect(stages()).toEqual(
      [20, 24, 28].map((rows, metric) => ({
        name: `metric ${metric}`,
        items: 1,
        chunk: 1,
        totalBytes: rowsBytes(1, 16, metric),
        inner: {
          entry: PIECE,
          value: 16,
          rows,
          otherwise: [
            { value: 4, totalBytes: rowsBytes(1, 4, metric) },
            { value: rows, totalBytes: rowsBytes(1, rows, metric) },
          ],
        },
      })),
    );
  });

  test('in words', () => {
    const [first] = stages();
    expect(stageWords(first)).toBe(
      `metric 0: ${PIECE} 16 of 20, 8.0 KiB (8,216 bytes); 4 would take 2.0 KiB (2,072 bytes)`,
    );
  });

  test('more than there is, is all of it; at the minimum there is nothing less', () => {
    expect(stages({}, {})[0].inner).toMatchObject({ value: 20, otherwise: [{ value: 5 }] });
    expect(stages({}, { [PIECE]: 1 })[0].inner).toMatchObject({ value: 1, otherwise: [{ value: 20 }] });
  });

  test('halved to fit: what was asked for and would not', () => {
    const [first] = stages({}, {}, adapter(12 * 256));
    expect(first).toMatchObject({
      totalBytes: rowsBytes(1, 10, 0),
      inner: { value: 10, wanted: { value: 20, totalBytes: rowsBytes(1, 20, 0) } },
    });
    expect(stageWords(first)).toContain('; 20 would take 10.0 KiB (10,264 bytes) and do not fit; 2 would take');
  });

  test('one of which nothing fits is told as left out', () => {
    const third = stages({}, {}, adapter(2048 + 4))[2];
    expect(stageWords(third)).toMatch(/^metric 2: .*\. Left out: A chunk of 1 needs a buffer "held"/);
  });

  test('without a device the same, unbounded', () => {
    expect(stages({}, { [PIECE]: 16 }, null)).toEqual(stages());
  });
});

test('the page has them beside sizes and passes; a run of one stage has none', () => {
  const rows = rowsWorkload() as unknown as Workload;
  const config = parseRunConfig({ workload: 'rows', batch: { sizes: { [PIECE]: 8 } }, params: {} }, [rows]);
  const table = memoryTable(planRun(rows, config, {}, adapter()), adapter());
  expect(table.stages.map(({ inner }) => inner?.value)).toEqual([8, 8, 8]);
  expect(table.passes.map(({ name }) => name)).toEqual(['stage metric 0', 'stage metric 1', 'stage metric 2']);
  const gaussian = gaussianWorkload() as unknown as Workload;
  const one = planRun(gaussian, parseRunConfig({ workload: 'gaussian' }, [gaussian]), {}, null);
  expect(memoryTable(one, null).stages).toEqual([]);
});
