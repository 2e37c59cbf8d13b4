import { grouped } from '../../../ui/format.ts';
import notes from '../../../ui/shared/note.module.css';
import type { FileReply } from '../../../worker/file-reply.ts';
import type { TextsPreview } from '../texts-preview.ts';
import classes from './Files.module.css';

const LABELS = { positive: 'positive', negative: 'negative', none: 'without a label' } as const;

/** The user's texts before anything runs: how many of each side, and the first of them. */
export default function TextsOfFile({ file }: { readonly file: FileReply }) {
  const { counts, questions, responses, definition, first } = file.preview as TextsPreview;
  const told = (['positive', 'negative', 'none'] as const).filter((label) => counts[label] > 0);
  return (
    <div className={classes.preview}>
      <p className={notes.note}>
        {told.map((label) => `${grouped(counts[label])} ${LABELS[label]}`).join(', ')}
        {counts.positive + counts.negative > 0 &&
          `; ${grouped(questions)} ${questions === 1 ? 'question' : 'questions'}, each held out whole where texts are held out`}
        {responses > 0 && `; ${grouped(responses)} with a response, which are read and not written`}
        {definition && `. ${definition}`}
      </p>
      <ul className={classes.texts}>
        {first.map(({ label, prompt, response }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: texts of a file never change places
          <li key={i} data-side={label}>
            {prompt}
            {response !== undefined && <span className={notes.soft}> {response}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
