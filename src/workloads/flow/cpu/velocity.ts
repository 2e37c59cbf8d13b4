/** The velocity network on the CPU in f32, many samples a call. */
import { addMlp, addMlpWeights } from '../../../nn/mlp/onnx.ts';
import { OnnxGraph } from '../../../nn/onnx-graph.ts';
import type { OnnxRuntime, OnnxSession } from '../../../nn/onnx-runtime.ts';
import { timeFeatures } from '../features.ts';
import type { VelocityModel } from '../model.ts';

/** The kernels of ONNX Runtime Web multiply so many rows at once. */
const ROWS_AT_ONCE = 4;

/** Samples at one time. */
export interface VelocityQuestion {
  /** Standardised positions, [sample][parameter]. */
  readonly x: Float64Array;
  readonly t: number;
  /** Standardised observations, one a sample. */
  readonly contexts: readonly Float32Array[];
}

/** The model as ONNX: `features` [rows, inputs], as `velocityFeatures` orders them, to `velocity` [rows, parameters], for any number of rows. */
export function velocityOnnx({ net, weights }: VelocityModel): Uint8Array {
  const graph = new OnnxGraph();
  graph.input('features', ['rows', net.inputs]);
  graph.output('velocity', ['rows', net.outputs]);
  addMlpWeights(graph, net, weights);
  graph.node('Identity', [addMlp(graph, net, 'features', 'v')], 'velocity');
  return graph.encode();
}

/**
 * The bits of a sample do not hang on its companions: with one thread a row's sums have one order, wherever the row lies and however many there
 * are. So that this needs as little of the library as can be, calls are filled up to whole fours with rows of no meaning.
 */
export class VelocityNetwork {
  /** Most samples of a call. */
  readonly rows: number;
  readonly #runtime: OnnxRuntime;
  readonly #session: OnnxSession;
  readonly #inputs: number;
  readonly #features: Float32Array<ArrayBuffer>;
  #running: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** @param rows most samples of a call */
  static async open(runtime: OnnxRuntime, model: VelocityModel, rows: number): Promise<VelocityNetwork> {
    const session = await runtime.InferenceSession.create(velocityOnnx(model), { executionProviders: ['wasm'] });
    return new VelocityNetwork(runtime, session, model, rows);
  }

  private constructor(runtime: OnnxRuntime, session: OnnxSession, { net }: VelocityModel, rows: number) {
    this.#runtime = runtime;
    this.#session = session;
    this.rows = rows;
    this.#inputs = net.inputs;
    this.#features = new Float32Array(filledUp(rows) * net.inputs);
  }

  /** Velocities of all samples, one question's after the other's, [sample][parameter]. At most `rows` samples; one call at a time. */
  async evaluate(questions: readonly VelocityQuestion[]): Promise<Float32Array> {
    let samples = 0;
    for (const question of questions) {
      this.#place(samples, question);
      samples += question.contexts.length;
    }
    const rows = filledUp(samples);
    const values = this.#features.subarray(0, rows * this.#inputs);
    const running = this.#session.run({ features: new this.#runtime.Tensor('float32', values, [rows, this.#inputs]) });
    this.#running = running.catch(() => undefined);
    return (await running).velocity.data as Float32Array;
  }

  /** Frees the model's memory, after the call in flight. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    void this.#running.then(() => this.#session.release());
  }

  #place(first: number, { x, t, contexts }: VelocityQuestion): void {
    const d = x.length / contexts.length;
    const time = timeFeatures(t);
    contexts.forEach((context, i) => {
      const at = (first + i) * this.#inputs;
      for (let j = 0; j < d; j++) this.#features[at + j] = x[i * d + j];
      this.#features.set(time, at + d);
      this.#features.set(context, at + d + time.length);
    });
  }
}

const filledUp = (rows: number) => ROWS_AT_ONCE * Math.ceil(rows / ROWS_AT_ONCE);
