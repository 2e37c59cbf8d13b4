/** The marks of a chart beside their names: a legend for every chart that draws more than one. */
import type { ReactNode } from 'react';
import text from '../shared/text.module.css';

/** Drawn in 18 × 14 px. */
const SHAPES = {
  line: (color: string) => <path d="M0 7h18" stroke={color} strokeWidth="2" />,
  dashed: (color: string) => <path d="M0 7h18" stroke={color} strokeDasharray="5 3" strokeWidth="1.5" />,
  mean: (color: string) => (
    <g stroke={color} strokeWidth="1.5" fill={color}>
      <path d="M9 0v14" />
      <circle cx="9" cy="7" r="3.2" />
    </g>
  ),
  upright: (color: string) => <path d="M9 0v14" stroke={color} strokeWidth="2" />,
  dashedUpright: (color: string) => <path d="M9 0v14" stroke={color} strokeDasharray="4 2" strokeWidth="2" />,
  bar: (color: string) => <path d="M9 0v14" stroke={color} strokeWidth="3" />,
  peak: (color: string) => <path d="M1 7h16" stroke={color} strokeWidth="4" />,
  dots: (color: string) => (
    <g fill={color}>
      <circle cx="4" cy="9" r="1.5" />
      <circle cx="9" cy="5" r="1.5" />
      <circle cx="14" cy="9" r="1.5" />
    </g>
  ),
  disk: (color: string) => <circle cx="9" cy="7" r="3.5" fill={color} />,
  ring: (color: string) => <circle cx="9" cy="7" r="3.5" fill="none" stroke={color} strokeWidth="1.5" />,
  triangle: (color: string) => <path d="M9 2 14 11H4z" fill={color} />,
  filled: (color: string) => <path d="M2 2h14v10H2z" fill={color} />,
  outline: (color: string) => <path d="M1 12V4h8v5h8" fill="none" stroke={color} strokeWidth="2" />,
  region: (color: string) => <path d="M2 2h14v10H2z" fill={color} fillOpacity="0.4" stroke={color} strokeWidth="1.5" />,
  dashedRegion: (color: string) => (
    <path d="M2 2h14v10H2z" fill={color} fillOpacity="0.18" stroke={color} strokeDasharray="4 2" strokeWidth="1.5" />
  ),
  target: (color: string) => (
    <g fill="none" stroke={color} strokeWidth="1.5">
      <circle cx="9" cy="7" r="3.5" />
      <path d="M2 7h14M9 0v14" />
    </g>
  ),
} as const;

export interface Entry {
  readonly shape: keyof typeof SHAPES;
  /** A variable of the theme, e.g. "--series-1". */
  readonly color: string;
  readonly label: ReactNode;
}

/** Entries that are no marks of the chart at hand are false. */
export function Legend({ entries }: { readonly entries: readonly (Entry | false | undefined)[] }) {
  return (
    <ul className={text.legend}>
      {entries.map(
        (entry) =>
          entry && (
            <li key={`${entry.shape} ${entry.color}`}>
              <svg width="18" height="14" viewBox="0 0 18 14" aria-hidden="true" focusable="false">
                {SHAPES[entry.shape](`var(${entry.color})`)}
              </svg>
              {entry.label}
            </li>
          ),
      )}
    </ul>
  );
}
