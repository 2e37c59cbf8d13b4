/** Tables that are measured beside runs, as jobs: batches, padding, storage. Stopped, they reply with the rows that there are. */
import type { Job, JobSetting } from '../../../worker/jobs.ts';
import { measureBatches } from '../evaluation/batches.ts';
import { measurePadding } from '../evaluation/padding.ts';
import { measurePrecision } from '../evaluation/precision.ts';
import { evaluationSetting } from './setting.ts';
import type { BatchesTypes, PaddingTypes, PrecisionTypes } from './table-types.ts';

export function batchesJob(setting: JobSetting): Job<BatchesTypes> {
  const post = (event: BatchesTypes['event']) => setting.post(event);
  return {
    async start({ config, ...question }, signal) {
      const table = await measureBatches(await evaluationSetting(config, setting), question, {
        signal,
        progress: (told) => post({ type: 'progress', ...told }),
        row: (row, table) => post({ type: 'row', row, table }),
      });
      return { reply: table };
    },
  };
}

export function paddingJob(setting: JobSetting): Job<PaddingTypes> {
  const post = (event: PaddingTypes['event']) => setting.post(event);
  return {
    async start({ config, texts }, signal) {
      const progress = (told: { what: string; done: number; of: number; share: number }) =>
        post({ type: 'progress', ...told });
      return { reply: await measurePadding(await evaluationSetting(config, setting), texts, { signal, progress }) };
    },
  };
}

export function precisionJob(setting: JobSetting): Job<PrecisionTypes> {
  const post = (event: PrecisionTypes['event']) => setting.post(event);
  return {
    async start({ config, tokens }, signal) {
      const table = await measurePrecision(await evaluationSetting(config, setting), tokens, {
        signal,
        progress: (told) => post({ type: 'progress', ...told }),
        row: (row, table) => post({ type: 'row', row, table }),
      });
      return { reply: table };
    },
  };
}
