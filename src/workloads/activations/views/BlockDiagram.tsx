import classes from './Learn.module.css';

const WIDTH = 540;
const HEIGHT = 330;
const STREAM = 90;

interface Box {
  readonly y: number;
  readonly words: string;
  readonly below: string;
}

const BOXES: readonly Box[] = [
  { y: 84, words: 'attention', below: 'looks back at the tokens before it' },
  { y: 176, words: 'MLP', below: 'works on this token alone' },
];

/** A token's way through one block, from bottom to top in the model and from top to bottom here. */
export function BlockDiagram() {
  return (
    <figure className={classes.figure}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className={classes.drawing}
        role="img"
        aria-label="A token’s stream runs straight down. Attention reads it, normed, and adds to it; then the MLP does the same. Residuals are read off before and behind every block, and that is where a vector is added."
      >
        <defs>
          <marker id="block-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0 8 4 0 8z" fill="var(--ink-soft)" />
          </marker>
        </defs>
        <g stroke="var(--ink-soft)" strokeWidth="2" fill="none">
          <path d={`M${STREAM} 34V${HEIGHT - 14}`} strokeWidth="4" stroke="var(--series-1)" />
          {BOXES.map(({ y, words }) => (
            <g key={words}>
              <path d={`M${STREAM} ${y - 14}H148`} markerEnd="url(#block-arrow)" />
              <path d={`M148 ${y + 22}H${STREAM + 10}`} markerEnd="url(#block-arrow)" />
              <circle cx={STREAM} cy={y + 22} r="9" fill="var(--panel)" />
              <path d={`M${STREAM - 5} ${y + 22}h10M${STREAM} ${y + 17}v10`} />
            </g>
          ))}
        </g>
        {BOXES.map(({ y, words, below }) => (
          <g key={words}>
            <rect
              x="150"
              y={y - 26}
              width="112"
              height="60"
              rx="8"
              fill="var(--accent-soft)"
              stroke="var(--line-strong)"
            />
            <text x="206" y={y + 8} textAnchor="middle" className={classes.name}>
              {words}
            </text>
            <text x="272" y={y + 8} className={classes.words}>
              {below}
            </text>
            <text x="104" y={y + 4} className={classes.words}>
              norm
            </text>
          </g>
        ))}
        <text x={STREAM} y="24" textAnchor="middle" className={classes.name}>
          “happy”
        </text>
        <text x={STREAM + 16} y="48" className={classes.words}>
          residual k: read off here
        </text>
        <g>
          <circle cx={STREAM} cy={HEIGHT - 76} r="9" fill="var(--panel)" stroke="var(--series-2)" strokeWidth="2" />
          <path
            d={`M${STREAM - 5} ${HEIGHT - 76}h10M${STREAM} ${HEIGHT - 81}v10`}
            stroke="var(--series-2)"
            strokeWidth="2"
          />
          <text x={STREAM + 16} y={HEIGHT - 72} className={classes.words} data-steer>
            a steering vector is added here
          </text>
        </g>
        <text x={STREAM + 16} y={HEIGHT - 42} className={classes.words}>
          residual k + 1, to the next block
        </text>
        <text x={STREAM + 16} y={HEIGHT - 24} className={classes.words}>
          and behind the last: how likely each next word is
        </text>
      </svg>
    </figure>
  );
}
