/** Texts of a run: what a model is given, and what is said of each. */

/** `positive` shows the trait, `negative` its opposite; `none`: nothing is said. */
export type Label = 'positive' | 'negative' | 'none';

export interface GivenText {
  /** As the user's files call it; unique in a run. */
  readonly id: string;
  readonly prompt: string;
  readonly system?: string;
  /** Given beforehand: nothing is drawn, the text is read. */
  readonly response?: string;
  /** Ids in place of the prompt's text, as pasted. */
  readonly ids?: readonly number[];
  readonly label: Label;
  /** Question or situation that it belongs to: texts of one are never parted between training and held-out ones. */
  readonly question: string;
}
