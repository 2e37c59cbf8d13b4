/** What is asked before a run begins: whether the user's data are what it takes them for, and whether it may cost what it will. */
import type { EngineClient } from '../../worker/client.ts';
import type { DataFact } from '../../workloads/workload.ts';
import { costFacts, costOf } from './run-cost.ts';
import { useStore } from './store.ts';
import type { LackedFile, RunQuestion } from './types.ts';

/** What stands for the facts once they are confirmed: others are asked about again. */
export function factsText(facts: readonly DataFact[]): string {
  return facts.map(({ text }) => text).join('\n');
}

/** Whether the file that is there, or what ships, may take the place of the one that the results on screen came from. */
export function mayTakeOther({ role, noun, name, sha256, shipped }: LackedFile): Promise<boolean> {
  const instead = useStore.getState().files[role]?.name ?? shipped;
  const text = `The results on this page came from ${name} (${sha256}), which is not loaded. To repeat the run, load that file first. A run with ${instead} gives other results.`;
  return ask({ title: `Run with another ${noun}?`, about: role, lines: [{ text }], yes: `Run with ${instead}` });
}

/** Resolves with whether the run may begin. What is wrong with the form is for the run to say. */
export async function isSure(engine: EngineClient): Promise<boolean> {
  const plan = await engine.plan(useStore.getState().config).catch(() => undefined);
  if (!plan) return true;
  const { facts, warnings } = plan;
  const told = factsText(facts);
  if (facts.length > 0 && told !== useStore.getState().confirmed) {
    const sure = await ask({
      title: 'Is this right for your data?',
      about: 'data',
      lines: [...warnings.map((text) => ({ text, doubt: true })), ...facts],
      yes: 'This is right: run',
    });
    if (!sure) return false;
    useStore.setState({ confirmed: told });
  }
  const cost = await costOf(plan, useStore.getState());
  if (!cost.tooMuch) return true;
  return ask({
    title: 'Run all the same?',
    about: 'cost',
    lines: costFacts(cost),
    yes: 'Run all the same',
  });
}

function ask(question: Omit<RunQuestion, 'answer'>): Promise<boolean> {
  if (useStore.getState().runQuestion) return Promise.resolve(false);
  return new Promise((resolve) => {
    const answer = (goOn: boolean) => {
      useStore.setState({ runQuestion: undefined });
      resolve(goOn);
    };
    useStore.setState({ runQuestion: { ...question, answer } });
  });
}
