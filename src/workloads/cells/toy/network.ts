/**
 * A toy of gene regulation whose truth is known. Ten regulators are on or off; which, follows from the cell's type and from the
 * regulators above them, with chance. Targets read one or two regulators. Knocking a regulator out keeps it off, and what lies below
 * follows. There are 2^10 states a type, more than a mixture of a few components can tell apart: genes hang together beyond cell types.
 */

export const CELL_TYPES = ['alpha', 'beta', 'gamma'] as const;
/** How often each type is. */
export const TYPE_SHARES = [0.4, 0.35, 0.25] as const;

export interface Regulator {
  readonly name: string;
  /** Regulators above this one, by index; all stand before it. */
  readonly parents: readonly number[];
  /** What parents do, for drawing arrows: activate (+) or repress (−). */
  readonly signs: readonly ('+' | '−')[];
  /** P(on): by type for one without parents, else by the parents' states read as a binary number, the first parent its lowest bit. */
  readonly on: readonly number[];
}

const root = (name: string, on: readonly number[]): Regulator => ({ name, parents: [], signs: [], on });

export const REGULATORS: readonly Regulator[] = [
  root('RegA', [0.7, 0.1, 0.4]),
  root('RegB', [0.1, 0.65, 0.35]),
  root('RegC', [0.4, 0.4, 0.4]),
  { name: 'RegD', parents: [0], signs: ['+'], on: [0.1, 0.85] },
  { name: 'RegE', parents: [0, 2], signs: ['+', '+'], on: [0.05, 0.12, 0.12, 0.9] },
  { name: 'RegF', parents: [1], signs: ['−'], on: [0.6, 0.06] },
  { name: 'RegG', parents: [3], signs: ['+'], on: [0.1, 0.85] },
  { name: 'RegH', parents: [4, 5], signs: ['+', '+'], on: [0.06, 0.85, 0.6, 0.9] },
  { name: 'RegI', parents: [6], signs: ['−'], on: [0.55, 0.06] },
  { name: 'RegJ', parents: [7], signs: ['+'], on: [0.1, 0.8] },
];

/** What a perturbed cell has knocked out: one regulator by index. */
export const KNOCK_OUTS: readonly number[] = [0, 1, 2, 3, 5, 7];
export const CONTROL = 'control';
/** Share of cells in which nothing is knocked out; the others are spread evenly over the knock-outs. */
export const CONTROL_SHARE = 0.28;
/** Names of the perturbations: the control, then the regulators knocked out. */
export const PERTURBATIONS: readonly string[] = [CONTROL, ...KNOCK_OUTS.map((r) => REGULATORS[r].name)];

/** When a gene is on. */
export type Rule =
  | { readonly kind: 'always' }
  | { readonly kind: 'type'; readonly type: number }
  | { readonly kind: 'regulator'; readonly of: readonly [number] }
  /** Both on; the first on and the second off; exactly one on. */
  | { readonly kind: 'and' | 'and-not' | 'xor'; readonly of: readonly [number, number] };

export interface Gene {
  readonly name: string;
  readonly rule: Rule;
  /** Mean count where off and where on, in a cell of depth 1. */
  readonly off: number;
  readonly on: number;
  /** Size of the negative binomial, a whole number: variance = μ + μ²/size. */
  readonly size: number;
}

/** Mean counts of a regulator's targets where it is on. */
const TARGET_MEANS = [7, 4.5, 3, 5.5] as const;
const OFF = 0.05;

const letterOf = (regulator: number) => REGULATORS[regulator].name.slice(-1);

function pair(kind: 'and' | 'and-not' | 'xor', a: number, b: number): Gene {
  const word = { and: '', 'and-not': 'not', xor: 'xor' }[kind];
  return { name: `${letterOf(a)}${word}${letterOf(b)}`, rule: { kind, of: [a, b] }, off: OFF, on: 5, size: 3 };
}

export const GENES: readonly Gene[] = [
  ...REGULATORS.flatMap(({ name }, regulator): Gene[] => {
    const rule: Rule = { kind: 'regulator', of: [regulator] };
    const targets = TARGET_MEANS.map((on, i) => ({
      ...{ name: `${letterOf(regulator)}${i + 1}`, rule, off: OFF, on, size: i % 2 === 0 ? 3 : 2 },
    }));
    return [{ name, rule, off: OFF, on: 3, size: 3 }, ...targets];
  }),
  pair('and', 0, 1),
  pair('and', 6, 9),
  pair('and-not', 2, 3),
  pair('and-not', 4, 9),
  pair('xor', 2, 8),
  pair('xor', 1, 7),
  ...CELL_TYPES.flatMap((name, type): Gene[] =>
    [4, 6].map((on, i) => ({ name: `${name}${i + 1}`, rule: { kind: 'type', type }, off: OFF, on, size: 3 })),
  ),
  ...[6, 9].map((on, i): Gene => ({ name: `House${i + 1}`, rule: { kind: 'always' }, off: on, on, size: 4 })),
];

/** How deeply a cell is sequenced: a factor on all means; each as likely. */
export const DEPTHS = [0.5, 0.65, 0.8, 0.95, 1.1, 1.3, 1.6, 2] as const;

/** A gene or regulator that acts on a gene: what a drawing of the network and a score of recovered edges need. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly sign: '+' | '−' | '±';
}

/** All edges, regulators upon regulators first. */
export function trueEdges(): Edge[] {
  const name = (regulator: number) => REGULATORS[regulator].name;
  const upper = REGULATORS.flatMap(({ name: to, parents, signs }) =>
    parents.map((parent, i): Edge => ({ from: name(parent), to, sign: signs[i] })),
  );
  const lower = GENES.flatMap(({ name: to, rule }): Edge[] => {
    if (rule.kind === 'always' || rule.kind === 'type') return [];
    return rule.of
      .filter((regulator) => name(regulator) !== to)
      .map((regulator, i) => ({
        ...{ from: name(regulator), to },
        sign: rule.kind === 'xor' ? '±' : rule.kind === 'and-not' && i === 1 ? '−' : '+',
      }));
  });
  return [...upper, ...lower];
}

/** Whether a gene is on. @param state the regulators' states, regulator r at bit r */
export function isOn(rule: Rule, state: number, type: number): boolean {
  const at = (regulator: number) => ((state >> regulator) & 1) === 1;
  if (rule.kind === 'always') return true;
  if (rule.kind === 'type') return rule.type === type;
  if (rule.kind === 'regulator') return at(rule.of[0]);
  const [a, b] = [at(rule.of[0]), at(rule.of[1])];
  return rule.kind === 'and' ? a && b : rule.kind === 'and-not' ? a && !b : a !== b;
}

/** P(regulator on) given those before it. @param knockedOut index of a regulator, or undefined */
export function probabilityOn(regulator: number, state: number, type: number, knockedOut: number | undefined): number {
  if (regulator === knockedOut) return 0;
  const { parents, on } = REGULATORS[regulator];
  if (parents.length === 0) return on[type];
  return on[parents.reduce((sum, parent, i) => sum + (((state >> parent) & 1) << i), 0)];
}
