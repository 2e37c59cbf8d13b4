/** Steering as a job: texts unsteered, then at whatever strength the page asks for, until it is stopped. */
import { describeError } from '../../../engine/errors.ts';
import { RandomWords } from '../../../stats/two-sample/random-words.ts';
import type { Job, JobSetting } from '../../../worker/jobs.ts';
import { encodeText } from '../../language-models/encode.ts';
import { HAPPY_STEMS, SAD_STEMS } from '../../language-models/stories/words.ts';
import type { RunInputs } from '../../workload.ts';
import { type EvaluationSetting, piecesOf } from '../evaluation/setting.ts';
import { residualNorms, Steering, type WrittenText } from '../evaluation/steering.ts';
import { textsOf, traitOf } from '../files/roles.ts';
import { type ChosenVector, chosenVector, unit } from './chosen-vector.ts';
import { evaluationSetting } from './setting.ts';
import type { SteerEvent, SteeredSet, SteerMessages, SteerReply, SteerTypes, SteerWish } from './steer-types.ts';

/** From one event of growing texts to the next, ms. */
const EVENT_MS = 100;
/** Second word of the key of random directions. */
const DIRECTION = 0x73746572; // "ster"

type Setting = Parameters<SteerMessages['set']>[0];

/** Told while it goes on. */
class Desk {
  readonly #told: (event: SteerEvent) => void;
  readonly #steering: Steering;
  readonly #evaluation: EvaluationSetting;
  readonly #vector: ChosenVector;
  readonly #norms: Float64Array;
  readonly #stems: SteerReply['stems'];
  readonly #textsEach: number;
  readonly #prompts: readonly (readonly number[])[];
  readonly #kept = new Map<string, SteeredSet>();
  #wanted: Setting;
  #random = 0;
  #randomDone = 0;
  /** Ends the set that is being written. */
  #other = new AbortController();
  #wake = () => {};

  constructor(
    wish: SteerWish,
    prompts: readonly (readonly number[])[],
    evaluation: EvaluationSetting,
    steering: Steering,
    vector: ChosenVector,
    norms: Float64Array,
    stems: SteerReply['stems'],
    told: (event: SteerEvent) => void,
  ) {
    this.#textsEach = wish.textsEach;
    this.#prompts = prompts;
    this.#evaluation = evaluation;
    this.#steering = steering;
    this.#vector = vector;
    this.#norms = norms;
    this.#stems = stems;
    this.#told = told;
    this.#wanted = { strength: wish.strength, layer: vector.layer };
  }

  readonly messages: SteerMessages = {
    set: (setting) => {
      this.#wanted = setting;
      this.#random = 0;
      this.#interrupt();
    },
    random: (count) => {
      this.#random = count;
      this.#randomDone = 0;
      this.#wake();
    },
  };

  #interrupt(): void {
    this.#other.abort();
    this.#wake();
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#interrupt());
    await this.#unlessOther(signal, () => this.#vectorSet({ ...this.#wanted, strength: 0 }, signal));
    while (!signal.aborted) {
      const setting = this.#wanted;
      const known = this.#kept.get(keyOf(setting));
      if (!known) await this.#unlessOther(signal, () => this.#vectorSet(setting, signal));
      else if (this.#randomDone < this.#random) await this.#unlessOther(signal, () => this.#randomSet(setting));
      else {
        this.#told({ type: 'texts', set: known, tokensPerSecond: 0 });
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          if (signal.aborted || this.#wanted !== setting || this.#random > this.#randomDone) resolve();
        });
        this.#wake = () => {};
      }
    }
  }

  /** A setting that comes meanwhile ends it without an error. */
  async #unlessOther(signal: AbortSignal, write: () => Promise<void>): Promise<void> {
    this.#other = new AbortController();
    if (signal.aborted) return;
    try {
      await write();
    } catch (error) {
      if (!this.#other.signal.aborted) throw error;
    }
  }

  async #vectorSet(setting: Setting, signal: AbortSignal): Promise<void> {
    const vector = this.#vector.at(setting.layer);
    // A layer that the vector does not have leaves the texts as they are.
    if (!vector) {
      this.#wanted = { ...setting, layer: this.#vector.layer };
      return;
    }
    const set = await this.#write('vector', setting, vector, (set, rate) => {
      if (!signal.aborted) this.#told({ type: 'texts', set, tokensPerSecond: rate });
    });
    this.#kept.set(keyOf(setting), set);
    this.#told({ type: 'texts', set, tokensPerSecond: 0 });
  }

  async #randomSet(setting: Setting): Promise<void> {
    const number = this.#randomDone + 1;
    const { width } = this.#evaluation.model.source.spec;
    const set = await this.#write(`random ${number}`, setting, randomDirection(number, width), () => {});
    this.#randomDone = number;
    this.#told({ type: 'random', set, done: number, of: this.#random });
  }

  async #write(
    what: SteeredSet['what'],
    { strength, layer }: Setting,
    vector: Float32Array,
    told: (set: SteeredSet, tokensPerSecond: number) => void,
  ): Promise<SteeredSet> {
    const [begin, before] = [performance.now(), this.#steering.work];
    let last = 0;
    const written = await this.#steering.write(
      { layer, vector, length: strength * this.#norms[layer] },
      this.#other.signal,
      (texts) => {
        const now = performance.now();
        if (now - last < EVENT_MS) return;
        last = now;
        told(this.#setOf(what, strength, layer, texts), (1000 * (this.#steering.work - before)) / (now - begin));
      },
    );
    return this.#setOf(what, strength, layer, written);
  }

  /** Behind its prompt: the first word of a response is not the first of the text. */
  #piecesBehind(prompt: number, drawn: readonly number[]): readonly string[] {
    const before = this.#prompts[prompt];
    return piecesOf(this.#evaluation.model, [...before, ...drawn]).slice(before.length);
  }

  #setOf(what: SteeredSet['what'], strength: number, layer: number, written: readonly WrittenText[]): SteeredSet {
    const texts = written.map(({ drawn, done, nll }, i) => ({
      prompt: Math.floor(i / this.#textsEach),
      draw: i % this.#textsEach,
      pieces: this.#piecesBehind(Math.floor(i / this.#textsEach), drawn),
      done,
      ...(nll !== undefined && { nll }),
    }));
    const scores = texts.flatMap(({ nll }) => nll ?? []);
    const count = (stems: readonly string[]) =>
      texts.reduce((sum, { pieces }) => sum + stemCount(pieces.join(''), stems), 0);
    return {
      what,
      strength,
      layer,
      texts,
      counts: { positive: count(this.#stems.positive), negative: count(this.#stems.negative) },
      ...(scores.length > 0 && { nll: scores.reduce((sum, nll) => sum + nll, 0) / scores.length }),
      done: texts.every(({ done }) => done),
    };
  }
}

export function steerJob(setting: JobSetting): Job<SteerTypes> {
  let desk: Desk | undefined;
  const post = (event: SteerEvent) => setting.post(event);
  return {
    async start(wish, signal) {
      post({ type: 'preparing', what: 'Loading the model' });
      const evaluation = await evaluationSetting(wish.config, setting);
      const { model, params } = evaluation;
      const { inputs } = setting;
      const given = wish.prompts.length > 0 ? wish.prompts : await beginnings(inputs);
      const encoded = await Promise.all(
        given.map((prompt, i) =>
          encodeText({ id: `prompt ${i + 1}`, prompt, label: 'none', question: '' }, model, params.template),
        ),
      );
      const prompts = encoded.map(({ ids }) => ids);
      const vector = await chosenVector(wish.vector, evaluation, inputs, signal, (what) =>
        post({ type: 'preparing', what }),
      );
      const norms = await residualNorms(evaluation, prompts, signal);
      const steering = await Steering.open(evaluation, { ...wish, prompts }, signal);
      // The lists are those of the stories that ship: what words tell another trait, nobody knows here.
      const stems = textsOf(inputs) ? { positive: [], negative: [] } : { positive: HAPPY_STEMS, negative: SAD_STEMS };
      const own = new Desk(wish, prompts, evaluation, steering, vector, norms, stems, post);
      desk = own;
      const ended = own.run(signal).finally(() => steering.close());
      ended.then(
        () => post({ type: 'ended' }),
        (error) => post({ type: 'ended', error: describeError(error) }),
      );
      const reply: SteerReply = {
        vector: vector.words,
        layer: vector.layer,
        layers: model.source.spec.layers,
        unit: norms[vector.layer],
        ...(vector.aucs && { aucs: vector.aucs }),
        stems,
        prompts: prompts.map((ids) => piecesOf(model, ids)),
      };
      return { reply, ended };
    },
    messages: {
      set: (next) => desk?.messages.set(next),
      random: (count) => desk?.messages.random(count),
    },
  };
}

/** Of the user's trait those that it is to be tried on, else those that ship. */
async function beginnings(inputs: RunInputs): Promise<readonly string[]> {
  const questions = traitOf(inputs)?.questions ?? [];
  if (questions.length > 0) return questions;
  const { openTexts } = await import('../../language-models/stories/contrast.ts');
  return openTexts().map(({ prompt }) => prompt);
}

const keyOf = ({ strength, layer }: Setting) => `${layer} ${strength}`;

/** Words that begin with a stem. */
export function stemCount(text: string, stems: readonly string[]): number {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return words.filter((word) => stems.some((stem) => word.startsWith(stem))).length;
}

/** Of length 1, uniform over directions. */
export function randomDirection(number: number, width: number): Float32Array<ArrayBuffer> {
  const words = new RandomWords(number, DIRECTION);
  const uniform = () => (words.word() + 0.5) / 2 ** 32;
  // Box and Muller: on the CPU its cosine is good.
  return unit(
    Float32Array.from({ length: width }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())),
  );
}
