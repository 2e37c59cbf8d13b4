/** Runs of texts by tiny decoders of known weights, ids in the place of words. */
import { parseRunConfig } from '../../src/engine/config/run-config.ts';
import { planRun } from '../../src/engine/plan/plan-run.ts';
import { RunController, type RunOptions } from '../../src/engine/run/controller.ts';
import type { GpuContext } from '../../src/gpu/context.ts';
import { type DecoderForm, decoderShape } from '../../src/nn/transformer/decoder.ts';
import type { Family } from '../../src/nn/transformer/spec.ts';
import type { DatasetItem } from '../../src/results/dataset/item.ts';
import { configured } from '../../src/workloads/activations/configured.ts';
import type { TextsShape } from '../../src/workloads/activations/device.ts';
import type { LoadedActivations } from '../../src/workloads/activations/load.ts';
import type { ActivationsProblem } from '../../src/workloads/activations/problem.ts';
import { activationsWorkload } from '../../src/workloads/activations/workload.ts';
import type { GivenText } from '../../src/workloads/language-models/texts.ts';
import type { Workload } from '../../src/workloads/workload.ts';
import { SMALL, smallSource, smallWeights, someIds } from '../transformer/small-decoders.ts';

export const TEXTS = 10;

/** A decoder and texts of 1 to 17 ids; ids that end texts are met on the way. */
export function smallLoaded(family: Family, texts = TEXTS): LoadedActivations {
  const spec = SMALL[family];
  const own = { name: `a small ${family}`, sha256: `sha256:${family}` };
  return {
    ...own,
    code: { configured },
    model: {
      ...own,
      source: smallSource(spec, smallWeights(spec)),
      files: { name: own.name, files: [] },
      parameters: 0,
      ends: [3, 4, 5],
      warnings: [],
    },
    texts: Array.from({ length: texts }, (_, i) => {
      const ids = someIds(spec.vocabulary, 1 + ((i * 7) % 17), 100 + i);
      const given: GivenText = {
        id: `t${i}`,
        prompt: ids.join(' '),
        ids,
        label: i % 2 === 0 ? 'positive' : 'negative',
        question: `q${i >> 1}`,
      };
      return { given, ids, prompt: ids.length };
    }),
    from: 'the test',
  };
}

/** The experiment, with a form of the decoder and sizes of its own. */
export function withForm(form: DecoderForm, sizes: Readonly<Record<string, number>> = {}): Workload {
  const workload = activationsWorkload as unknown as Workload;
  const own = <O extends { readonly sizes?: object }>(options: O | undefined) =>
    ({ ...options, sizes: { ...options?.sizes, ...sizes } }) as never;
  return {
    ...workload,
    configure: (params, inputs, options) => {
      const made = workload.configure(params, inputs, own(options));
      return {
        ...made,
        shape: (report) => {
          const shape = made.shape(report) as TextsShape;
          const { settings } = made.prepare(1) as ActivationsProblem;
          const { spec } = settings.model.source;
          const about = {
            spec,
            storage: shape.storage,
            capture: { components: [], windows: 1, kept: false },
            ends: [],
          };
          const decoder = decoderShape(report, about, (own(options) as { sizes: never }).sizes, form);
          return { ...shape, record: decoder.record, decoder };
        },
      };
    },
    open: (gpu, problem, plan, shape, given) =>
      workload.open(gpu, problem, plan, shape, (own({ sizes: given }) as { sizes: never }).sizes),
  };
}

export interface SmallRun extends Partial<Pick<RunOptions, 'listener' | 'finished' | 'saved' | 'paused'>> {
  readonly family: Family;
  readonly form: DecoderForm;
  readonly params?: Record<string, unknown>;
  readonly chunk?: number;
  readonly sizes?: Readonly<Record<string, number>>;
}

export function smallRun(
  gpu: GpuContext | null,
  { family, form, params, chunk, sizes, listener = {}, ...rest }: SmallRun,
) {
  const workload = withForm(form, sizes);
  const config = parseRunConfig({ workload: workload.id, params, batch: { size: chunk ?? TEXTS } }, [workload]);
  const inputs = { loaded: smallLoaded(family) };
  return new RunController({ plan: planRun(workload, config, inputs, gpu?.report ?? null), gpu, listener, ...rest });
}

export async function itemsOf(run: RunController): Promise<DatasetItem[]> {
  const { state, error, failed } = await run.run();
  if (state !== 'finished' || failed.length > 0)
    throw new Error(error?.message ?? failed.map(({ reason }) => reason).join());
  return run.store.items() as DatasetItem[];
}

/** As text: numbers print all their digits, so equal text is equal bits. */
export const bits = (value: unknown) =>
  JSON.stringify(value, (_, each) => (ArrayBuffer.isView(each) ? Array.from(each as Float32Array, String) : each));
