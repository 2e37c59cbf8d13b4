import { exactBytes, grouped } from '../../../ui/format.ts';
import type { FileReply } from '../../../worker/file-reply.ts';
import { type ModelPreview, tokenBytes } from '../model-preview.ts';
import classes from './Files.module.css';

const FAMILIES = { gpt2: 'GPT-2', llama: 'Llama', qwen2: 'Qwen2', gemma2: 'Gemma 2' } as const;

/** The user's model before anything runs: what it is, and what of it takes memory. */
export default function ModelCard({ file }: { readonly file: FileReply }) {
  const { spec, parameters, types, bytes, chat, tokens, begin, sha256, warnings } = file.preview as ModelPreview;
  const { cache, residual } = tokenBytes(spec);
  const facts: readonly (readonly [term: string, fact: string])[] = [
    ['Family', `${FAMILIES[spec.family]}, ${spec.tied ? 'tied head' : 'a head of its own'}`],
    [
      'Shape',
      `${grouped(spec.layers)} blocks × ${grouped(spec.width)}, ${spec.heads} heads of ${spec.head}${spec.kvHeads === spec.heads ? '' : ` over ${spec.kvHeads} of keys and values`}, MLP ${grouped(spec.hidden)}`,
    ],
    ['Words', `${grouped(spec.vocabulary)} tokens, texts of ${grouped(spec.positions)} at most`],
    [
      'Weights',
      `${grouped(parameters)} parameters, stored as ${types.join(' and ')}; the folder has ${exactBytes(bytes)}`,
    ],
    ['A token', `${exactBytes(cache)} of keys and values in f32; residuals of all layers ${exactBytes(residual)}`],
    [
      'Tokenizer',
      tokens === undefined
        ? 'none: prompts must be pasted as ids'
        : `${grouped(tokens)} tokens${begin === undefined ? '' : `; texts begin with ${begin}`}${chat ? ', with a chat template' : ''}`,
    ],
    ['Hash', `${sha256.slice(0, 23)}…`],
  ];
  return (
    <div className={classes.preview}>
      <dl className={classes.facts} data-testid="model-card">
        {facts.map(([term, fact]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
      {warnings.map((warning) => (
        <p key={warning} className={classes.warning}>
          {warning}
        </p>
      ))}
    </div>
  );
}
