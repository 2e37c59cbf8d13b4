/** Steering on the page: a job that writes texts anew whenever the slider moves. */
import { create } from 'zustand';
import { wordsOf } from '../../../ui/shared/wordsOf.ts';
import { theEngine } from '../../../ui/state/actions.ts';
import { ENGINE_GONE, jobOf } from '../../../worker/client.ts';
import type { SteeredSet, SteerReply, SteerTypes, SteerWish } from '../jobs/steer-types.ts';
import { isStop } from './going.ts';

/** Random directions that a steered set stands beside: fewer say nothing of chance. */
export const RANDOM_DIRECTIONS = 8;
/** A slider under way waits so long for its next place. */
const SLIDE_MS = 80;

export interface Setting {
  /** In units of the mean residual norm. */
  readonly strength: number;
  /** The block behind which it is added; undefined until the job has said which. */
  readonly layer: number | undefined;
}

interface SteerStore {
  /** `starting`: the model opens and a vector is fitted; `on`: settings are heard. */
  readonly state: 'off' | 'starting' | 'on';
  /** What goes on before anything is written. */
  readonly preparing: string;
  readonly reply: SteerReply | undefined;
  readonly setting: Setting;
  /** By the model as it is. */
  readonly plain: SteeredSet | undefined;
  /** At the setting, or at the one before until that has begun. */
  readonly steered: SteeredSet | undefined;
  readonly tokensPerSecond: number;
  readonly randoms: readonly SteeredSet[];
  /** Random directions are being written. */
  readonly randomGoing: { readonly done: number; readonly of: number } | undefined;
  readonly problem: string | undefined;
}

const EMPTY = {
  state: 'off',
  preparing: '',
  reply: undefined,
  plain: undefined,
  steered: undefined,
  tokensPerSecond: 0,
  randoms: [],
  randomGoing: undefined,
  problem: undefined,
} as const;

export const useSteer = create<SteerStore>()(() => ({ ...EMPTY, setting: { strength: 0.5, layer: undefined } }));

const job = () => jobOf<SteerTypes>(theEngine(), 'activations', 'steer');

let listening = false;
/** What it was begun with: it begins anew where it has given way since. */
let wished: SteerWish | undefined;

function listen(): void {
  if (listening) return;
  listening = true;
  const { setState } = useSteer;
  theEngine().on('error', ({ error }) => {
    if (error.name === ENGINE_GONE) setState({ state: 'off', randomGoing: undefined });
  });
  job().on((event) => {
    switch (event.type) {
      case 'preparing':
        setState({ preparing: event.what });
        return;
      case 'texts':
        setState({
          ...(event.set.strength === 0 ? { plain: event.set } : { steered: event.set }),
          tokensPerSecond: event.tokensPerSecond,
        });
        return;
      case 'random':
        setState(({ randoms }) => ({
          randoms: [...randoms, event.set],
          randomGoing: event.done < event.of ? { done: event.done, of: event.of } : undefined,
        }));
        return;
      case 'ended':
        setState({ state: 'off', randomGoing: undefined, ...(event.error && { problem: event.error.message }) });
    }
  });
}

/** Opens the model, has the vector and begins to write. */
export async function steer(wish: Omit<SteerWish, 'strength'>): Promise<void> {
  listen();
  const { setting } = useSteer.getState();
  wished = { ...wish, strength: setting.strength };
  useSteer.setState({ ...EMPTY, state: 'starting', preparing: 'Opening the model', setting });
  try {
    const reply = await job().start(wished);
    useSteer.setState({ state: 'on', reply, setting: { ...setting, layer: reply.layer } });
  } catch (error) {
    useSteer.setState({ state: 'off', ...(!isStop(error) && { problem: wordsOf(error) }) });
  }
}

let sliding: ReturnType<typeof setTimeout> | undefined;

/** Moves the slider, or changes the block: all texts are written anew. */
export function setSteering(change: Partial<Setting>): void {
  const { setting: before, state, reply } = useSteer.getState();
  const setting = { ...before, ...change };
  useSteer.setState({ setting, randoms: [], randomGoing: undefined });
  clearTimeout(sliding);
  if (!reply) return;
  sliding = setTimeout(() => {
    if (state === 'on') void job().tell('set', { strength: setting.strength, layer: setting.layer ?? reply.layer });
    else if (state === 'off' && wished) void steer(wished);
  }, SLIDE_MS);
}

/** The same texts by directions that say nothing. */
export function tryRandom(): void {
  useSteer.setState({ randoms: [], randomGoing: { done: 0, of: RANDOM_DIRECTIONS } });
  void job().tell('random', RANDOM_DIRECTIONS);
}

export function stopSteering(): void {
  if (useSteer.getState().state !== 'off') job().stop();
}

/** Resolves once it has let go of the device: others that give way, too, would wait for it. */
export async function endSteering(): Promise<void> {
  if (useSteer.getState().state === 'off') return;
  const ended = new Promise<void>((resolve) => {
    const stop = useSteer.subscribe(({ state }) => {
      if (state !== 'off') return;
      stop();
      resolve();
    });
  });
  stopSteering();
  await ended;
}
