/** What every figure says beside its drawing, on screen and in the files that it is saved to. */
import type { ReactNode } from 'react';

/** A number as a figure reports it. */
export interface Reading {
  /** "δ/|f(e) − f(b)|", "trace". */
  readonly name: string;
  readonly value: number;
  /** One standard error, or the bound that `errorName` names, in the unit of the value. */
  readonly error?: number;
  /** Where the error comes from: "jackknife over 6 items", "residual bound". */
  readonly errorName?: string;
  readonly unit?: string;
  /** Bad where the value speaks against the result, as a completeness above its threshold. */
  readonly tone?: 'good' | 'bad';
}

export interface FigureWords {
  readonly title: string;
  /** One sentence: what is drawn, as a formula or in words. */
  readonly definition: string;
  /** More of it, behind the mark beside the title. */
  readonly about?: ReactNode;
  /** What the figure comes to, each with its error. */
  readonly readings?: readonly Reading[];
  /** The same number where nothing should be found: shuffled tokens, a re-initialised model, a null. */
  readonly controls?: readonly Reading[];
  /** Sentences below the picture: what it sums to, how many rows it is made of. */
  readonly notes?: readonly string[];
  /** Controls of the view at the right of the title: a switch, "double n". */
  readonly aside?: ReactNode;
  /** Name of saved files without their ending: "integrated-gradients-item-0". */
  readonly file: string;
}
