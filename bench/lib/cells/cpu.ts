/** Our own path where there is no GPU: the network in f32 with ONNX Runtime on one thread, a cell a call, as in a run. */
import { loadOnnxRuntime } from '../../../src/nn/onnx-runtime.ts';
import { OnnxNetworkPredictor } from '../../../src/workloads/cells/cpu/network-predictor.ts';
import { piecesOf } from '../../../src/workloads/cells/sampling/pieces.ts';
import type { PredictionRequest, Predictor } from '../../../src/workloads/cells/sampling/predictor.ts';
import { planReveals } from '../../../src/workloads/cells/sampling/reveal-plan.ts';
import type { SamplerSettings } from '../../../src/workloads/cells/sampling/settings.ts';
import { TwinSampler } from '../../../src/workloads/cells/sampling/twin.ts';
import { cellsProblem, seedsOf, settingsOf, tokensOf } from './problem.ts';

export interface CpuQuestion {
  readonly genes: number;
  readonly batch: number;
  /** Logits of all genes, or of those that reveal in a step. */
  readonly asked: 'all' | 'revealing';
}

export interface CpuNetwork {
  /** Logits of one evaluation of all cells. */
  evaluate(): Promise<Float64Array>;
  /** Tokens of all cells, from masks to the end. */
  sample(): Promise<Uint8Array>;
  close(): void;
}

export async function openCpuNetwork({ genes, batch, asked }: CpuQuestion): Promise<CpuNetwork> {
  const { spec, weights } = cellsProblem(genes);
  const settings = settingsOf(spec, asked === 'all' ? 1 : undefined);
  const predictor = await OnnxNetworkPredictor.open(await loadOnnxRuntime(), spec, weights, settings);
  const plan = planReveals(settings, { seeds: seedsOf(batch) });
  const pieces = piecesOf(plan, batch * genes);
  const request = { plan, piece: pieces[pieces.length >> 1], tokens: tokensOf(spec, batch), labels: undefined };
  const out = new Float64Array(request.piece.rows * spec.bins);
  return {
    evaluate: async () => {
      await predictor.predict(request, out);
      return out;
    },
    sample: async () => {
      const steps = settingsOf(spec);
      const sampler = new TwinSampler(steps, asked === 'all' ? new AllGenes(predictor, settings) : predictor);
      sampler.begin({ seeds: seedsOf(batch) });
      await sampler.advance(Number.POSITIVE_INFINITY);
      // Not closed: the network would be with it.
      return sampler.tokens();
    },
    close: () => predictor.close(),
  };
}

/** Asks for the logits of all genes of each cell and takes those that reveal: what a sampler does that knows nothing before its step. */
class AllGenes implements Predictor {
  readonly genes: number;
  readonly bins: number;
  constructor(
    readonly predictor: Predictor,
    readonly settings: SamplerSettings,
  ) {
    this.genes = predictor.genes;
    this.bins = predictor.bins;
  }

  async predict({ plan, piece, tokens, labels }: PredictionRequest, out: Float64Array): Promise<void> {
    const { genes, bins } = this;
    const cells = tokens.length / genes;
    const all = planReveals(this.settings, { seeds: seedsOf(cells) });
    const wanted = new Map<number, number[]>();
    for (let i = 0; i < piece.rows; i++) {
      const row = plan.rows[piece.firstRow + i];
      const cell = Math.floor(row / genes);
      wanted.set(cell, [...(wanted.get(cell) ?? []), i]);
    }
    const logits = new Float64Array(genes * bins);
    for (const [cell, places] of wanted) {
      const own = { step: 0, firstRow: cell * genes, rows: genes, firstCell: cell, cells: 1, most: genes };
      await this.predictor.predict({ plan: all, piece: own, tokens, labels }, logits);
      for (const i of places) {
        const gene = plan.rows[piece.firstRow + i] % genes;
        out.set(logits.subarray(gene * bins, (gene + 1) * bins), i * bins);
      }
    }
  }
}
