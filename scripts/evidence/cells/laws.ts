/** 100,000 cells against the exact laws of the oracles, and the project's own enumeration against the same. */
import type { GpuContext } from '../../../src/gpu/context.ts';
import { chiSquareTest } from '../../../src/stats/chi-square.ts';
import { countStates, exactLaw } from '../../../src/workloads/cells/sampling/exact-law.ts';
import type { SamplerSettings } from '../../../src/workloads/cells/sampling/settings.ts';
import { TablePredictor } from '../../../src/workloads/cells/sampling/table-predictor.ts';
import { exponential, markdownTable } from '../table.ts';
import { PROBLEMS, readGuidance, readProblem } from './files.ts';
import { sampled } from './sampled.ts';

const CELLS = 100_000;
const FIRST_SEED = 20_261_130;
const PASS = 1e-4;
const STEPS: readonly number[] = [1, 4, 16];

interface LawCase {
  readonly problem: string;
  readonly label: string;
  readonly predictor: TablePredictor;
  readonly settings: SamplerSettings;
  readonly start?: readonly number[];
  readonly class?: number;
  readonly law: readonly number[];
}

/** Every case of the oracles with N = 1, 4, 16, and all numbers of steps of `balanced`. */
function lawCases(folder: string): LawCase[] {
  const cases: LawCase[] = [];
  for (const name of PROBLEMS) {
    const { positions: genes, states: bins, joint, cases: given } = readProblem(folder, name);
    const predictor = new TablePredictor({ genes, bins, classes: [joint] });
    for (const { rule, schedule, steps, temperature, start, law } of given) {
      if (rule !== 'balanced' && !STEPS.includes(steps)) continue;
      const settings: SamplerSettings = {
        genes,
        bins,
        rule,
        schedule: schedule === 'none' ? 'loglinear' : schedule,
        steps,
        temperature,
        guidance: 1,
      };
      const kind = start ? `${rule}, known genes` : temperature === 1 ? rule : `${rule}, T = ${temperature}`;
      const label = schedule === 'geometric' ? `${kind}, geometric` : kind;
      cases.push({ problem: name, label, predictor, settings, law, ...(start && { start }) });
    }
  }
  const { positions: genes, states: bins, class_joint, cases: guided } = readGuidance(folder);
  const predictor = new TablePredictor({ genes, bins, classes: class_joint });
  for (const { gamma, steps, law } of guided.filter(({ steps }) => STEPS.includes(steps))) {
    const rest = { rule: 'tweedie', schedule: 'loglinear', temperature: 1, guidance: gamma } as const;
    cases.push({
      problem: 'guidance',
      label: `tweedie, γ = ${gamma}`,
      predictor,
      settings: { genes, bins, steps, ...rest },
      class: 0,
      law,
    });
  }
  return cases;
}

/** A row a problem and rule. The process ends with 1 where a law was not met. */
export async function lawEvidence(gpu: GpuContext | undefined, folder: string): Promise<string> {
  const rows = new Map<string, string[]>();
  let [smallest, largestDifference, differing, failed, total] = [1, 0, 0, 0, 0];
  for (const { problem, label, predictor, settings, start, class: label0, law } of lawCases(folder)) {
    const asked = {
      cells: CELLS,
      firstSeed: FIRST_SEED,
      ...(start && { start }),
      ...(label0 !== undefined && { label: label0 }),
    };
    const tokens = await sampled(gpu, settings, predictor, asked);
    const { p, forbidden } = chiSquareTest(countStates(tokens, settings), law);
    const own = await exactLaw(settings, predictor, {
      ...(start && { start }),
      ...(label0 !== undefined && { labels: [label0, label0] }),
    });
    own.forEach((probability, i) => {
      largestDifference = Math.max(largestDifference, Math.abs(probability - law[i]));
    });
    if (gpu) differing += differingTokens(tokens, await sampled(undefined, settings, predictor, asked));
    total += tokens.length;
    smallest = Math.min(smallest, p);
    if (p <= PASS || forbidden > 0) failed++;
    const key = `${problem}: ${label}`;
    rows.set(key, [...(rows.get(key) ?? []), `N = ${settings.steps}: ${p < 0.001 ? exponential(p) : p.toFixed(3)}`]);
  }
  if (failed > 0) process.exitCode = 1;
  const count = [...rows.values()].reduce((sum, cells) => sum + cells.length, 0);
  return [
    markdownTable(
      ['law', 'p of χ², 100,000 cells'],
      [...rows].map(([key, cells]) => [key, cells.join(' · ')]),
    ),
    `${count} laws; smallest p ${exponential(smallest)}; ${failed} below ${exponential(PASS, 0)} or with a forbidden state.`,
    `Own enumeration against the oracle: largest difference of a probability ${exponential(largestDifference)}.`,
    ...(gpu
      ? [
          `Tokens other than the f64 twin’s: ${differing} of ${total.toLocaleString('en-US')} (${exponential(differing / total)}).`,
        ]
      : []),
  ].join('\n\n');
}

function differingTokens(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++;
  return count;
}
