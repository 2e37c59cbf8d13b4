/** Whether a network passes the bar of models that need none, in words. */
import type { Verdict } from './rule-words.ts';

interface Told {
  readonly title: string;
  /** Absent where it gives no probabilities. */
  readonly nll?: number;
}

/** @param nats of the network a gene @param where of which cells: "so far" */
export function curveVerdict(nats: number | undefined, baselines: readonly Told[], where: string): Verdict | undefined {
  const told = baselines.flatMap(({ title, nll }) => (nll === undefined ? [] : [{ title, nll }]));
  if (nats === undefined || told.length === 0) return undefined;
  const best = told.reduce((low, each) => (each.nll < low.nll ? each : low));
  if (nats < best.nll)
    return {
      good: true,
      words: `It beats every baseline ${where}: ${nats.toFixed(3)} nats a gene, the best of them (${best.title}) ${best.nll.toFixed(3)}.`,
    };
  const beaten = told.filter(({ nll }) => nats < nll).map(({ title }) => title);
  return {
    good: false,
    words: `${beaten.length > 0 ? `It beats ${beaten.join(' and ')} ${where}, not yet ${best.title}` : 'It beats no baseline yet'}: ${nats.toFixed(3)} nats a gene against ${best.nll.toFixed(3)}.`,
  };
}
