/** What is looked at in all cards at once: one text, one head. */
import { create } from 'zustand';
import type { HeadName } from './pictures/props.ts';

interface ChosenStore {
  /** Its place among the run's texts. */
  readonly text: number;
  /** Each picture's own choice until somebody chooses one. */
  readonly head: HeadName | undefined;
}

export const useChosenPlace = create<ChosenStore>()(() => ({ text: 0, head: undefined }));

export const chooseText = (text: number): void => useChosenPlace.setState({ text });
export const chooseHead = (head: HeadName): void => useChosenPlace.setState({ head });
