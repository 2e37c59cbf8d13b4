/** Texts token by token along a vector, as a job: short, and the device is given back at once. */
import type { Job, JobSetting } from '../../../worker/jobs.ts';
import { encodeText } from '../../language-models/encode.ts';
import { ConfigError } from '../../workload.ts';
import { type DoneText, runTexts } from '../evaluation/run-texts.ts';
import { type EvaluationSetting, piecesOf } from '../evaluation/setting.ts';
import { dynamicsOf, monitored } from '../vectors/monitoring.ts';
import { chosenVector } from './chosen-vector.ts';
import { evaluationSetting } from './setting.ts';
import type { TracedText, TraceTypes, TraceWish } from './trace-types.ts';

export function traceJob(setting: JobSetting): Job<TraceTypes> {
  return {
    async start({ config, ...wish }, signal) {
      const evaluation = await evaluationSetting(config, setting);
      const { words, layer, at } = await chosenVector(wish.vector, evaluation, setting.inputs, signal, () => {});
      const texts = await traceTexts(evaluation, wish, layer, at(layer)!, signal, (text, done, of) =>
        setting.post({ type: 'text', text, done, of } satisfies TraceTypes['event']),
      );
      return { reply: { vector: words, layer, model: evaluation.model.name, texts } };
    },
  };
}

/** @throws ConfigError for a text that has no tokens or is too long for the model */
export async function traceTexts(
  { model, params, place, storage }: EvaluationSetting,
  { texts, maxNewTokens, temperature, seed }: Omit<TraceWish, 'config' | 'vector'>,
  layer: number,
  vector: Float32Array,
  signal?: AbortSignal,
  told: (text: TracedText, done: number, of: number) => void = () => {},
): Promise<TracedText[]> {
  const { spec } = model.source;
  const encoded = await Promise.all(
    texts.map((prompt, i) =>
      encodeText({ id: `text ${i + 1}`, prompt, label: 'none', question: '' }, model, params.template),
    ),
  );
  const longest = Math.max(...encoded.map(({ ids }) => ids.length));
  if (longest + maxNewTokens > spec.positions)
    throw new ConfigError(
      'texts',
      `${longest} tokens and ${maxNewTokens} new ones are more than the ${spec.positions} positions of ${model.name}. Give a shorter text.`,
    );
  const traced: TracedText[] = [];
  // One after the other: all rows of a text are kept, which takes its share of memory.
  const decoder = await place.open(
    {
      spec,
      storage,
      slots: 1,
      context: longest + maxNewTokens,
      capture: { components: ['residual'], windows: 0, kept: true },
      sampling: { temperature, topK: 0, topP: 1 },
      ends: model.ends,
      scored: true,
    },
    signal,
  );
  try {
    for (const [i, { ids, prompt }] of encoded.entries()) {
      const request = { ids, prompt, newTokens: maxNewTokens, seed: (seed + i) >>> 0, windows: [], strength: 0 };
      const [done] = await runTexts(decoder, [request], { signal });
      const whole = [...ids, ...done.drawn];
      traced.push({
        text: texts[i],
        pieces: piecesOf(model, whole),
        prompt,
        ...alongVector(done, whole.length, spec.layers + 1, spec.width, vector, layer),
      });
      told(traced[i], i + 1, texts.length);
    }
  } finally {
    decoder.close();
  }
  return traced;
}

function alongVector(
  { rows, nll }: DoneText,
  tokens: number,
  layers: number,
  width: number,
  vector: Float32Array,
  own: number,
): Omit<TracedText, 'text' | 'pieces' | 'prompt'> {
  const projection = new Float32Array(layers * tokens);
  const cosine = new Float32Array(layers * tokens);
  const norm = new Float32Array(layers * tokens);
  for (let layer = 0; layer < layers; layer++) {
    const states = new Float32Array(tokens * width);
    for (let t = 0; t < tokens; t++) {
      const at = (t * layers + layer) * width;
      states.set(rows!.subarray(at, at + width), t * width);
    }
    const along = monitored(states, vector);
    projection.set(along.projections, layer * tokens);
    cosine.set(along.cosines, layer * tokens);
    norm.set(along.norms, layer * tokens);
  }
  const dynamics = dynamicsOf(projection.subarray(own * tokens, (own + 1) * tokens));
  const { commitment, persistence, peak } = dynamics;
  const monitoring = (settled: number | undefined) => ({
    ...(settled !== undefined && { commitment: settled }),
    persistence: persistence.tokens,
    peak,
  });
  // Of a token and those before it.
  const behind = (values: Float64Array) =>
    Float32Array.from({ length: tokens }, (_, t) => values[t - (tokens - values.length)] ?? Number.NaN);
  return {
    layers,
    projection,
    cosine,
    norm,
    nll: Float32Array.from({ length: tokens }, (_, t) => (t === 0 ? Number.NaN : nll![t - 1])),
    velocity: behind(dynamics.velocity),
    acceleration: behind(dynamics.acceleration),
    absolute: monitoring(commitment.absolute),
    scaled: monitoring(commitment.scaled),
  };
}
