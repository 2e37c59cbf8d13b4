/** Messages as the text that a model was trained to answer: its folder's template (Jinja) says how. */
import { FileError } from '../../bundle/file-error.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export class ChatTemplate {
  readonly #source: string;
  readonly #settings: Readonly<Record<string, unknown>>;
  readonly #path: string;
  #parsed: { render(items: Record<string, unknown>): string } | undefined;

  /** @param settings of the tokenizer, whose special tokens templates name @param path as errors call the file */
  constructor(source: string, settings: Readonly<Record<string, unknown>>, path: string) {
    this.#source = source;
    this.#settings = settings;
    this.#path = path;
  }

  /**
   * The text up to where the model's answer begins, special tokens in it. Loads the library with the first.
   * @throws FileError for a template that cannot be used, or that refuses these messages (some models take no system message)
   */
  async render(messages: readonly ChatMessage[]): Promise<string> {
    try {
      if (!this.#parsed) {
        const { Template } = await import('@huggingface/jinja');
        this.#parsed = new Template(this.#source);
      }
      return this.#parsed.render({ ...this.#tokens(), messages, add_generation_prompt: true });
    } catch (cause) {
      const roles = messages.map(({ role }) => role).join(', ');
      throw new FileError(
        this.#path,
        `its chat template does not take these messages (${roles}): ${(cause as Error).message}`,
        'Leave the system message out, or give texts as they are, without the template.',
        { cause },
      );
    }
  }

  #tokens(): Record<string, unknown> {
    return Object.fromEntries(
      ['bos_token', 'eos_token', 'unk_token', 'pad_token'].map((name) => {
        const value = this.#settings[name];
        const text = typeof value === 'string' ? value : (value as { content?: string } | undefined)?.content;
        return [name, text ?? ''];
      }),
    );
  }
}
