/** Cells by perturbation: equally many of generated, real and training cells, and what needs no model. */
import { logNormalise } from '../../../stats/expression/normalise.ts';
import { chooseCells } from '../../../stats/expression/subsample.ts';
import type { Points } from '../../../stats/two-sample/points.ts';
import { ConfigError } from '../../workload.ts';
import { PERTURBATION_CELLS } from './limits.ts';
import { pick, STREAMS, withCounts } from './sets.ts';
import type { CellMetricsInput, CellSet } from './types.ts';

/** Cells of every perturbation in ln(1 + x), and controls. */
export interface Grouped {
  readonly groups: readonly Points[];
  readonly control: Points;
}

export interface PerturbedGroups {
  /** Perturbations with enough cells on both sides, without the control. */
  readonly names: readonly string[];
  /** real, generated, training, and the baselines control and all_perturbed. */
  readonly sets: Readonly<Record<string, Grouped>>;
  /** Two halves of the real cells; absent where a perturbation has too few. */
  readonly halves?: readonly [Grouped, Grouped];
  readonly cells: readonly { readonly cells: number; readonly controls: number }[];
  readonly notes: readonly string[];
}

/** Fewer cells than this say nothing of a perturbation. */
const FEWEST = 8;

/** Whether any perturbation, and the control, have cells enough to be compared. */
export function canCompare(
  { generated, real, training = real }: Pick<CellMetricsInput, 'generated' | 'real' | 'training'>,
  { names, control }: { readonly names: readonly string[]; readonly control: string },
): boolean {
  const enough = ({ perturbation }: CellSet, code: number) =>
    (perturbation?.reduce((count, each) => count + Number(each === code), 0) ?? 0) >= FEWEST;
  const controlCode = names.indexOf(control);
  return (
    enough(real, controlCode) &&
    names.some((_, code) => code !== controlCode && [real, generated, training].every((set) => enough(set, code)))
  );
}

export function perturbedGroups(
  input: CellMetricsInput,
  { names: labels, control }: { readonly names: readonly string[]; readonly control: string },
): PerturbedGroups {
  const { seed, generated, real, training = real } = input;
  const notes: string[] = [];
  const controlCode = labels.indexOf(control);
  if (controlCode < 0) {
    throw new ConfigError('control', `there is no label ${control} among ${labels.length} perturbations.`);
  }
  const find = (field: string, set: CellSet) => {
    const { perturbation } = set;
    if (!perturbation) throw new ConfigError(field, 'these cells have no perturbation label each.');
    return (code: number) => Uint32Array.from(perturbation.keys()).filter((cell) => perturbation[cell] === code);
  };
  const [ofReal, ofGenerated, ofTraining] = [
    find('real', real),
    find('generated', generated),
    find('training', training),
  ];
  const codes = labels.flatMap((name, code) => {
    if (code === controlCode) return [];
    const counts = [ofReal(code), ofGenerated(code), ofTraining(code)].map(({ length }) => length);
    if (counts.every((count) => count >= FEWEST)) return [code];
    notes.push(
      `${name} is left out: ${FEWEST} real, generated and training cells are needed, it has ${counts.join(', ')}.`,
    );
    return [];
  });
  const realControls = ofReal(controlCode);
  if (codes.length === 0 || realControls.length < FEWEST) {
    throw new ConfigError(
      'perturbations',
      `${codes.length} perturbations and ${realControls.length} control cells (${control}) have enough cells; one and ${FEWEST} are needed.`,
    );
  }
  const madeControls = ofGenerated(controlCode);
  const ownControls = madeControls.length >= FEWEST;
  if (!ownControls)
    notes.push('No control cells were generated: the effects of generated cells are taken from real controls.');
  if (training === real)
    notes.push(
      'No training cells were given: floor and baselines of perturbations come from the real cells themselves.',
    );
  // A stream of random words for each label, so that one label’s cells do not depend on another’s number.
  const choose = (from: Uint32Array, count: number, code: number) =>
    chooseCells(from.length, count, seed, STREAMS.perturbations + code).map((at) => from[at]);
  const space = (set: CellSet, cells: Uint32Array): Points =>
    logNormalise(withCounts(pick(set, input.genes.length, cells), input).counts);
  const most = (code: number) => Math.min(ofReal(code).length, ofGenerated(code).length, PERTURBATION_CELLS);
  const controls = Math.min(
    realControls.length,
    ownControls ? madeControls.length : realControls.length,
    PERTURBATION_CELLS,
  );
  const grouped = (set: CellSet, of: (code: number) => Uint32Array, controlOf = of, controlSet = set): Grouped => ({
    groups: codes.map((code) => space(set, choose(of(code), most(code), code))),
    control: space(controlSet, choose(controlOf(controlCode), controls, controlCode)),
  });
  const trainingControls = ofTraining(controlCode);
  const allPerturbed = Uint32Array.from(codes.flatMap((code) => Array.from(ofTraining(code))));
  const sets: Record<string, Grouped> = {
    real: grouped(real, ofReal),
    generated: ownControls ? grouped(generated, ofGenerated) : grouped(generated, ofGenerated, ofReal, real),
  };
  if (training !== real) sets.training = grouped(training, ofTraining);
  sets.control = grouped(training, () => trainingControls);
  sets.all_perturbed = grouped(training, (code) => (code === controlCode ? trainingControls : allPerturbed));
  const half = (which: 0 | 1): Grouped => {
    const part = (code: number, count: number) => {
      const chosen = choose(ofReal(code), count, code);
      const middle = Math.floor(chosen.length / 2);
      return space(real, chosen.subarray(which * middle, (which + 1) * middle));
    };
    return { groups: codes.map((code) => part(code, most(code))), control: part(controlCode, controls) };
  };
  const splits = codes.every((code) => most(code) >= 2 * FEWEST) && controls >= 2 * FEWEST;
  return {
    names: codes.map((code) => labels[code]),
    sets,
    ...(splits && { halves: [half(0), half(1)] as const }),
    cells: codes.map((code) => ({ cells: most(code), controls })),
    notes,
  };
}
