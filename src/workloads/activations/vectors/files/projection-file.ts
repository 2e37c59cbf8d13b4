/** Projections of a text token by token, as the origin's viewer reads them. */
import { canonicalJson } from '../../../../bundle/json.ts';
import { type FileEntry, textEntry } from '../../../../bundle/types.ts';
import type { Method } from '../types.ts';
import { pathPart } from './names.ts';

export interface ProjectedText {
  /** As the prompt set has it. */
  readonly id: string;
  readonly set: string;
  readonly pieces: readonly string[];
  /** Tokens of the prompt. */
  readonly prompt: number;
  /** h · v̂ and |h| of every token at the vector's layer. */
  readonly projections: ArrayLike<number>;
  readonly norms: ArrayLike<number>;
}

export interface ProjectedOn {
  /** "category/trait" */
  readonly trait: string;
  readonly variant: string;
  readonly model: string;
  /** Counted as the origin does: what leaves block `layer`. */
  readonly layer: number;
  readonly method: Method | 'file';
  readonly position: string;
  readonly component: string;
}

/** `inference/{variant}/projections/{trait}/{set}/{id}.json` */
export function projectionEntry(text: ProjectedText, on: ProjectedOn): FileEntry {
  const trait = on.trait.split('/').map((part) => pathPart(part, 'trait'));
  const path = ['inference', pathPart(on.variant, 'model'), 'projections', ...trait, pathPart(text.set, 'texts')].join(
    '/',
  );
  return textEntry(`${path}/${pathPart(text.id, 'text')}.json`, () => {
    const parted = (values: ArrayLike<number>) => {
      const all = Array.from(values);
      return { prompt: all.slice(0, text.prompt), response: all.slice(text.prompt) };
    };
    const { layer, method, position, component, model, trait: name } = on;
    return canonicalJson({
      metadata: {
        prompt_id: text.id,
        prompt_set: text.set,
        n_prompt_tokens: text.prompt,
        n_response_tokens: text.pieces.length - text.prompt,
        trait: name,
        inference_model: model,
        tokens: [...text.pieces],
        vector_source: { layer, method, position, component },
      },
      projections: parted(text.projections),
      activation_norms: parted(text.norms),
    });
  });
}
