/** What an experiment may bring to the page: views of its own, each loaded when it is first shown. Without one the page shows what holds for any experiment. */
import type { ComponentType } from 'react';
import type { FileReply } from '../worker/file-reply.ts';

/** Made by `later` (`shared/later.tsx`). */
type View = ComponentType;

/** Shows a file of the user's before anything runs. */
export type FileView = ComponentType<{ readonly file: FileReply }>;

export interface ExperimentViews {
  /** At the head of the Live tab, in the place of the watched item. */
  readonly Live?: View;
  /** A panel of the Live tab: the watched item as the experiment knows it. */
  readonly Watched?: View;
  /** What will appear in the Results tab, before anything has finished. */
  readonly awaited?: string;
  /** Above what is shown of its kind of result. */
  readonly Results?: View;
  /** In the place of the experiment in a few words and how its kind of result comes about. */
  readonly Learn?: View;
  /** Of the user's files, by role: what `FileRole.preview` made of one. */
  readonly files?: Readonly<Record<string, FileView>>;
  /** Fields that the table of parameters does not have, above the parameter named. */
  readonly fields?: Readonly<Record<string, View>>;
}
