/** Whoever decodes. */
export interface DecoderEntrant {
  readonly name: string;
  /** Tokens drawn of every text, prompts and all. */
  generate(): Promise<readonly (readonly number[])[]>;
  /** Prompts alone, until it is known what would be drawn next. */
  read(): Promise<void>;
  close?(): void;
}
