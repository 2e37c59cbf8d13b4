/** The score network in f64, a cell at a time. */
import type { ScoreNetworkSpec } from '../../../nn/score-network/spec.ts';
import { outputsOf } from '../../../nn/score-network/spec.ts';
import { type Parameters, parametersOf, scoreForward } from '../../../nn/score-network/twin.ts';
import { cellQuestions } from '../sampling/cell-questions.ts';
import { sigmaOfSteps } from '../sampling/network-time.ts';
import type { PredictionRequest, Predictor } from '../sampling/predictor.ts';
import type { SamplerSettings } from '../sampling/settings.ts';

export class TwinNetworkPredictor implements Predictor {
  readonly genes: number;
  readonly bins: number;
  readonly #spec: ScoreNetworkSpec;
  readonly #parameters: Parameters;
  readonly #sigmas: Float64Array;

  /** @param weights the flat vector of `scoreTensors` */
  constructor(spec: ScoreNetworkSpec, weights: Float32Array, settings: SamplerSettings) {
    this.genes = spec.genes;
    this.bins = spec.bins;
    this.#spec = spec;
    this.#parameters = parametersOf(spec, weights);
    this.#sigmas = sigmaOfSteps(settings);
  }

  predict(request: PredictionRequest, out: Float64Array): void {
    const { bins } = this;
    const outputs = outputsOf(this.#spec);
    const sigma = [this.#sigmas[request.piece.step]];
    for (const { tokens, genes, at, perturbation, cellType } of cellQuestions(this.#spec, request)) {
      const { logits } = scoreForward(this.#spec, this.#parameters, {
        cells: 1,
        tokens,
        sigma,
        perturbation: [perturbation],
        cellType: [cellType],
      });
      genes.forEach((gene, i) => {
        out.set(logits.subarray(gene * outputs, gene * outputs + bins), (at + i) * bins);
      });
    }
  }
}
