import { useState } from 'react';

/** What is chosen: the view's word where it keeps it, else the picture's own. */
export function useChosen<T>(
  given: T | undefined,
  onChoose: ((chosen: T) => void) | undefined,
  first: T,
): readonly [chosen: T, choose: (chosen: T) => void] {
  const [own, setOwn] = useState(first);
  return [
    given ?? own,
    (next) => {
      setOwn(() => next);
      onChoose?.(next);
    },
  ];
}
