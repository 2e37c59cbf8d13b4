/**
 * The score network in f32 with ONNX Runtime. A call is of one cell, and what is asked of it hangs on that cell alone, so its bits know nothing
 * of the cells beside it; one thread keeps the order of sums.
 */
import type { OnnxRuntime, OnnxSession } from '../../../nn/onnx-runtime.ts';
import { SCORE_OUTPUT, scoreNetworkOnnx } from '../../../nn/score-network/onnx.ts';
import { outputsOf, type ScoreNetworkSpec, timeFeatures } from '../../../nn/score-network/spec.ts';
import { SessionStateError } from '../../workload.ts';
import { type CellQuestion, cellQuestions } from '../sampling/cell-questions.ts';
import { sigmaOfSteps } from '../sampling/network-time.ts';
import type { PredictionRequest, Predictor } from '../sampling/predictor.ts';
import type { SamplerSettings } from '../sampling/settings.ts';

export class OnnxNetworkPredictor implements Predictor {
  readonly genes: number;
  readonly bins: number;
  readonly #runtime: OnnxRuntime;
  readonly #session: OnnxSession;
  readonly #spec: ScoreNetworkSpec;
  /** [step][features]. */
  readonly #times: readonly Float32Array<ArrayBuffer>[];
  #running: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** @param weights the flat vector of `scoreTensors` */
  static async open(
    runtime: OnnxRuntime,
    spec: ScoreNetworkSpec,
    weights: Float32Array,
    settings: SamplerSettings,
  ): Promise<OnnxNetworkPredictor> {
    const model = scoreNetworkOnnx(spec, weights);
    const session = await runtime.InferenceSession.create(model, { executionProviders: ['wasm'] });
    return new OnnxNetworkPredictor(runtime, session, spec, settings);
  }

  private constructor(runtime: OnnxRuntime, session: OnnxSession, spec: ScoreNetworkSpec, settings: SamplerSettings) {
    this.#runtime = runtime;
    this.#session = session;
    this.#spec = spec;
    this.genes = spec.genes;
    this.bins = spec.bins;
    this.#times = Array.from(sigmaOfSteps(settings), (sigma) => Float32Array.from(timeFeatures(spec, sigma)));
  }

  async predict(request: PredictionRequest, out: Float64Array): Promise<void> {
    if (this.#closed) throw new SessionStateError('The network is closed.');
    const { bins } = this;
    const outputs = outputsOf(this.#spec);
    for (const question of cellQuestions(this.#spec, request)) {
      const logits = await this.#ask(question, request.piece.step);
      // Closed meanwhile: nobody waits for the rest.
      if (this.#closed) return;
      question.genes.forEach((_, i) => {
        out.set(logits.subarray(i * outputs, i * outputs + bins), (question.at + i) * bins);
      });
    }
  }

  /** Frees the model's memory, after the call in flight. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    void this.#running.then(() => this.#session.release());
  }

  /** [genes that reveal][outputs]. */
  async #ask({ tokens, genes, perturbation, cellType }: CellQuestion, step: number): Promise<Float32Array> {
    const { Tensor } = this.#runtime;
    const whole = (values: ArrayLike<number>) => new Tensor('int32', Int32Array.from(values), [values.length]);
    const spec = this.#spec;
    const running = this.#session.run({
      tokens: whole(tokens),
      rows: whole(genes),
      ...(spec.timeFeatures > 0 && { time: new Tensor('float32', this.#times[step], [1, spec.timeFeatures]) }),
      ...(spec.perturbations > 0 && { perturbation: whole([perturbation]) }),
      ...(spec.cellTypes > 0 && { cellType: whole([cellType]) }),
    });
    this.#running = running.catch(() => undefined);
    return (await running)[SCORE_OUTPUT].data as Float32Array;
  }
}
