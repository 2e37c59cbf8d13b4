/** Adam as scikit-learn 1.2 applies it (`AdamOptimizer`): Kingma & Ba, arXiv:1412.6980, the form before §2.1's last remark. */
const RATE = 1e-3;
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

export class Adam {
  readonly #first: Float32Array;
  readonly #second: Float32Array;
  #step = 0;

  constructor(parameters: number) {
    this.#first = new Float32Array(parameters);
    this.#second = new Float32Array(parameters);
  }

  /** Moves the parameters against the gradient; ε is added to √v as it is, the bias corrections sit in the rate. */
  update(parameters: Float32Array, gradient: Float32Array): void {
    this.#step++;
    const rate = (RATE * Math.sqrt(1 - BETA2 ** this.#step)) / (1 - BETA1 ** this.#step);
    const first = this.#first;
    const second = this.#second;
    for (let i = 0; i < gradient.length; i++) {
      const g = gradient[i];
      const m = BETA1 * first[i] + (1 - BETA1) * g;
      const v = BETA2 * second[i] + (1 - BETA2) * g * g;
      first[i] = m;
      second[i] = v;
      parameters[i] -= (rate * m) / (Math.sqrt(v) + EPSILON);
    }
  }
}
