/**
 * The typed table from which a workload's form, URL state, command-line flags, validation and run.json all follow.
 * One row a parameter; nothing about a parameter is written anywhere else.
 */

interface ParamBase {
  /** Key in `RunConfig.params`. */
  readonly key: string;
  /** Short label in the form. */
  readonly label: string;
  /** One or two sentences a newcomer understands; shown as the explanation of the field. */
  readonly help: string;
  /** Heading under which the form lists it, e.g. "Problem", "Sampler". */
  readonly group: string;
  readonly unit?: string;
  /** Command-line flag without dashes, where it differs from the kebab-cased key. */
  readonly flag?: string;
  /** Further flags that set the same parameter, e.g. one that sets a list of one. */
  readonly flagAliases?: readonly string[];
  /** Hidden behind "more settings" in the form. */
  readonly advanced?: boolean;
  /** It is about simulated items alone, so it has no say where the data are the user's. */
  readonly simulates?: boolean;
  /**
   * It only lists what there is to compute, e.g. metrics: what an item comes to does not hang on it, so a finished run may be added to by a
   * longer list. Names and seeds of items must not hang on it either.
   */
  readonly extends?: boolean;
  /** When given, the field is shown and used only for parameter sets for which this holds. */
  readonly when?: (params: ParamValues) => boolean;
}

export interface NumberParam extends ParamBase {
  readonly kind: 'number';
  readonly default: number;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  /** True when min itself is not allowed (e.g. a noise of zero). */
  readonly exclusiveMin?: boolean;
  /** What 0 stands for where it is no quantity, e.g. "automatic": text says this word in its place. */
  readonly zero?: string;
}
export interface IntegerParam extends ParamBase {
  readonly kind: 'integer';
  /** The run simulates its items, in proportion to this number: more of it are more items like these. Nothing of the kind unless given. */
  readonly multiplies?: 'items';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly zero?: string;
}
export interface NumberListParam extends ParamBase {
  readonly kind: 'numberList';
  readonly default: readonly number[];
  readonly min?: number;
  readonly max?: number;
  readonly maxLength: number;
}
export interface ChoiceParam extends ParamBase {
  readonly kind: 'choice';
  readonly default: string;
  readonly choices: readonly { readonly value: string; readonly label: string; readonly help?: string }[];
}
/** Some of several: their values in the table's order with commas between, which is what the parameter's value is. */
export interface SetParam extends ParamBase {
  readonly kind: 'set';
  readonly default: string;
  /** `group` is a heading above those that follow one another with the same. */
  readonly choices: readonly {
    readonly value: string;
    readonly label: string;
    readonly help?: string;
    readonly group?: string;
    /** Other names that texts may call it by. */
    readonly aliases?: readonly string[];
  }[];
}
export interface BooleanParam extends ParamBase {
  readonly kind: 'boolean';
  readonly default: boolean;
}

/** A word that only the user's data can tell whether it is known, such as a label; hosts check its length alone. */
export interface TextParam extends ParamBase {
  readonly kind: 'text';
  readonly default: string;
  readonly maxLength: number;
  /** What it may be, as the end of "give …": "a label of your data, or nothing for all". */
  readonly allowed: string;
}

export type ParamSpec =
  | NumberParam
  | IntegerParam
  | NumberListParam
  | ChoiceParam
  | SetParam
  | BooleanParam
  | TextParam;
export type ParamValue = number | readonly number[] | string | boolean;
export type ParamValues = Readonly<Record<string, ParamValue>>;
