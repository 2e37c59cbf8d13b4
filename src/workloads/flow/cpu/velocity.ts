/** The velocity network on the CPU in f32, a fixed number of samples a call. */
import { addMlp, addMlpWeights } from '../../../nn/mlp-onnx.ts';
import { OnnxGraph } from '../../../nn/onnx-graph.ts';
import type { OnnxRuntime, OnnxSession } from '../../../nn/onnx-runtime.ts';
import { timeFeatures } from '../features.ts';
import type { VelocityModel } from '../model.ts';

/** The model as ONNX: `features` [rows, inputs], as `velocityFeatures` orders them, to `velocity` [rows, parameters]. */
export function velocityOnnx({ net, weights }: VelocityModel, rows: number): Uint8Array {
  const graph = new OnnxGraph();
  graph.input('features', [rows, net.inputs]);
  graph.output('velocity', [rows, net.outputs]);
  addMlpWeights(graph, net, weights);
  graph.node('Identity', [addMlp(graph, net, 'features', 'v')], 'velocity');
  return graph.encode();
}

/**
 * A call always has the same number of rows, the last ones of no meaning where there are fewer samples: kernels treat the rows that do not fill
 * a vector differently, and a sample's bits may not hang on its companions.
 */
export class VelocityNetwork {
  /** Samples of a call. */
  readonly rows: number;
  readonly #runtime: OnnxRuntime;
  readonly #session: OnnxSession;
  readonly #features: Float32Array<ArrayBuffer>;
  readonly #shape: readonly [number, number];
  #running: Promise<unknown> = Promise.resolve();
  #closed = false;

  static async open(runtime: OnnxRuntime, model: VelocityModel, rows: number): Promise<VelocityNetwork> {
    const session = await runtime.InferenceSession.create(velocityOnnx(model, rows), { executionProviders: ['wasm'] });
    return new VelocityNetwork(runtime, session, model, rows);
  }

  private constructor(runtime: OnnxRuntime, session: OnnxSession, { net }: VelocityModel, rows: number) {
    this.#runtime = runtime;
    this.#session = session;
    this.rows = rows;
    this.#shape = [rows, net.inputs];
    this.#features = new Float32Array(rows * net.inputs);
  }

  /**
   * Puts samples at time t into rows `first` … of the next call.
   * @param x their standardised positions, [sample][parameter] @param contexts their standardised observations
   */
  place(first: number, x: Float64Array, t: number, contexts: readonly Float32Array[]): void {
    const d = x.length / contexts.length;
    const time = timeFeatures(t);
    const [, inputs] = this.#shape;
    contexts.forEach((context, i) => {
      const at = (first + i) * inputs;
      for (let j = 0; j < d; j++) this.#features[at + j] = x[i * d + j];
      this.#features.set(time, at + d);
      this.#features.set(context, at + d + time.length);
    });
  }

  /** Velocities of all rows, [row][parameter]. */
  async evaluate(): Promise<Float32Array> {
    const features = new this.#runtime.Tensor('float32', this.#features, this.#shape);
    const running = this.#session.run({ features });
    this.#running = running.catch(() => undefined);
    return (await running).velocity.data as Float32Array;
  }

  /** Frees the model's memory, after the call in flight. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    void this.#running.then(() => this.#session.release());
  }
}
