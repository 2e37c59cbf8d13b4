import type { Tokens } from '../../shared/useTokens.ts';

/** The page's light colours, which tests cannot read from its style sheet. */
export const THEME: Tokens = {
  ink: '#171b26',
  inkSoft: '#555d70',
  panel: '#ffffff',
  well: '#eef0f5',
  line: '#c2c8d6',
  grid: '#e3e6ee',
  axis: '#5d6578',
  accent: '#3446b8',
  truth: '#171b26',
  bad: '#a61b1b',
  series: ['#0072b2', '#d55e00', '#00875f', '#a0568a', '#9a6a00', '#3a87b5'],
};
