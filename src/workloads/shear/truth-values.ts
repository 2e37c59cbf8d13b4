/** Whether true values that the user brings can be those of stamps: the same bounds as their flags have, by row and column. */
import type { TruthTable } from '../../bundle/truth-table.ts';
import type { ParamSpec } from '../params.ts';
import { untrue } from '../untrue.ts';
import type { ModelSpec } from './model-spec.ts';
import { shearParams } from './params.ts';

/** True values by the column that gives them. */
export const truthKeys = ['g1', 'g2', 'x', 'y', 'flux', 'hlr', 'e1', 'e2'] as const;
/** What a table may have beside them. */
const BESIDE = ['index', 'seed'];
/** Largest |g| and |e| that are simulated; images become needles beyond. */
export const MAX_SHEAR = 0.9;

type Row = TruthTable['rows'][number];

/** The parameter that sets what a column gives. */
const PARAMS: Readonly<Record<string, string>> = {
  g1: 'shearGrid',
  g2: 'g2',
  flux: 'flux',
  hlr: 'halfLightRadiusArcsec',
  e1: 'e1',
  e2: 'e2',
};

/** @throws ConfigError for the first value that no stamp can have, e.g. −99 where nothing is known */
export function checkTruth({ name }: TruthTable, row: Row, image: number, { nx, ny }: ModelSpec): void {
  const refuse = (column: string, found: string, allowed: string): never => {
    throw untrue(name, { one: 'image', index: image, column }, { found, allowed });
  };
  for (const key of truthKeys) {
    const value = row[key];
    if (value === undefined) continue;
    const length = { x: nx, y: ny }[key as string];
    const { min, max, exclusive } = length === undefined ? boundsOf(key) : { min: 0, max: length, exclusive: false };
    if ((exclusive ? value > min : value >= min) && value <= max) continue;
    const range = max === Number.POSITIVE_INFINITY ? `above ${min}` : `from ${min} to ${max}`;
    refuse(
      key,
      `${value} is not allowed`,
      `${key} is ${range}${length === undefined ? '' : ` px, counted from the edge of the stamp`}`,
    );
  }
  for (const [one, two] of [
    ['g1', 'g2'],
    ['e1', 'e2'],
  ] as const) {
    const size = Math.hypot(row[one] ?? 0, row[two] ?? 0);
    if (size > MAX_SHEAR) {
      const letter = one[0];
      refuse(`${one} and ${two}`, `|${letter}| is ${Number(size.toPrecision(4))}`, `it is at most ${MAX_SHEAR}`);
    }
  }
}

function boundsOf(key: string): { readonly min: number; readonly max: number; readonly exclusive: boolean } {
  const spec: Partial<Extract<ParamSpec, { kind: 'number' }>> =
    (shearParams.find((param) => param.key === PARAMS[key]) as Extract<ParamSpec, { kind: 'number' }>) ?? {};
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY, exclusiveMin = false } = spec;
  return { min, max, exclusive: exclusiveMin };
}

/** What to say of columns that nothing reads; another task's, or a name that was meant. */
export function truthWarnings(table: TruthTable | undefined): string[] {
  if (!table) return [];
  const known: readonly string[] = [...truthKeys, ...BESIDE];
  const keys = new Set([...table.rows.flatMap((row) => Object.keys(row)), ...(table.unused ?? [])]);
  const other = [...keys].filter((key) => !known.includes(key));
  if (other.length === 0) return [];
  return [
    `${table.name}: nothing reads its ${other.length === 1 ? 'column' : 'columns'} ${other.join(', ')}; true values are ${truthKeys.join(', ')}.`,
  ];
}
