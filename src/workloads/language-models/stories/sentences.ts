/** Sentences that any story may have, whatever happens in it. Places as in `situations.ts`. */

export const OPENINGS = [
  'One day N was at the P .',
  'Once there was a [girl|boy] , N .',
  'It was a [hot|new] day .',
  'One day N was with M .',
] as const;

/** Between what happens and what comes of it: nothing of the mood. */
export const MIDDLES = [
  'Then N went to D .',
  'D looked at N .',
  'M saw it , too .',
  'N stood by the [tree|door] .',
  'N went back to the house .',
  'D asked what it was .',
  'N told M .',
] as const;

/** What turns an event round. */
export const TURNS = {
  good: [
    'But then D came and made it all right again .',
    'But then M [came to help|had a plan] , and it was all right again .',
  ],
  bad: ['But then it all went wrong .', 'But then [a big A|M] came and took it all away .'],
} as const;

export const REACTIONS = {
  happy: [
    'N was very happy .',
    'He smiled and [danced|laughed] .',
    'N laughed and was so glad .',
    'I am so [happy|glad] , N said .',
    'He hugged D .',
    'D was proud of N .',
    'N felt joy .',
  ],
  sad: [
    'N was very sad .',
    'He cried and [cried|wept] .',
    'N wept and was so upset .',
    'I am so [sad|upset] , N said .',
    'He felt alone .',
    'D was sorry for N .',
    'There were tears .',
  ],
  neutral: [
    'N went on .',
    'Then they went to eat .',
    'N put on his C hat .',
    'It is time to go , D said .',
    'N drank some water .',
  ],
} as const;

export const ENDINGS = {
  happy: ['It was the best day .', 'N went to bed with a smile .', 'They hugged and went home .'],
  sad: ['It was the worst day .', 'N went to bed with tears .', 'N went home alone .'],
  neutral: ['Then it was night .', 'N went to bed .', 'They went home .'],
} as const;
