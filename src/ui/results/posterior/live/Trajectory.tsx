import { useCallback, useState } from 'react';
import type { ChainsLook } from '../../../../results/posterior/chains-look.ts';
import type { Problem } from '../../../../workloads/workload.ts';
import { drawAxes, drawMark, MARKS } from '../../../charts/axes.ts';
import { type Range, rangeOf } from '../../../charts/scale.ts';
import classes from '../../../live/LiveTab.module.css';
import { Canvas } from '../../../shared/Canvas.tsx';
import { PlaneSelect } from '../../../shared/IndexSelect.tsx';
import { Panel } from '../../../shared/Panel.tsx';
import text from '../../../shared/text.module.css';
import { type Tokens, useTokens } from '../../../shared/useTokens.ts';
import { TRAJECTORY_HELP } from './trajectory-help.ts';

interface TrajectoryProps {
  /** Earlier looks, oldest first. */
  readonly trail: readonly ChainsLook[];
  readonly look: ChainsLook;
  readonly parameters: Problem['parameters'];
  readonly truth: Readonly<Record<string, number>>;
}

/** The watched chain's path through the plane of two parameters, the other chains' places, and the truth. */
export default function Trajectory({ trail, look, parameters, truth }: TrajectoryProps) {
  const [axes, setAxes] = useState<readonly [number, number]>([0, Math.min(1, parameters.length - 1)]);
  const tokens = useTokens();
  const [ix, iy] = axes;
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      const names: [string, string] = [parameters[ix].name, parameters[iy].name];
      const goal: [number, number] = [truth[names[0]], truth[names[1]]];
      const frame = drawAxes(context, width, height, tokens, {
        xRange: spread(trail, ix, goal[0]),
        yRange: spread(trail, iy, goal[1]),
        xLabel: axisName(parameters[ix]),
        yLabel: axisName(parameters[iy]),
      });
      const place = (position: readonly number[]): [number, number] => [frame.x(position[ix]), frame.y(position[iy])];
      drawPath(
        context,
        trail.map(({ positions }) => place(positions[look.chain])),
        tokens,
      );
      look.positions.forEach((position, chain) => {
        context.fillStyle = tokens.series[chain % tokens.series.length];
        context.strokeStyle = context.fillStyle;
        context.lineWidth = 2;
        const [x, y] = place(position);
        drawMark(context, MARKS[chain % MARKS.length], x, y, chain === look.chain ? 6 : 4);
      });
      if (goal.every(Number.isFinite)) drawTruth(context, place(parameters.map(({ name }) => truth[name])), tokens);
    },
    [trail, look, parameters, truth, ix, iy, tokens],
  );
  return (
    <Panel
      className={classes.tall}
      title="Trajectory"
      about={TRAJECTORY_HELP}
      aside={<PlaneSelect names={parameters.map(({ name }) => name)} axes={axes} onChange={setAxes} />}
    >
      <ul className={text.legend}>
        <li>
          <Glyph draw="disk" /> moved
        </li>
        <li>
          <Glyph draw="cross" /> stayed (rejected)
        </li>
        <li>
          <Glyph draw="mark" /> chains now
        </li>
        {parameters.some(({ name }) => Number.isFinite(truth[name])) && (
          <li>
            <Glyph draw="truth" /> truth
          </li>
        )}
      </ul>
      <Canvas
        height={250}
        label={`Path of chain ${look.chain + 1} through ${parameters[ix].name} and ${parameters[iy].name}, ${trail.length} looks`}
        draw={draw}
      />
    </Panel>
  );
}

function axisName({ name, unit }: Problem['parameters'][number]): string {
  return unit ? `${name} (${unit})` : name;
}

/** Range of everything drawn; the truth counts, so that it is never out of sight. */
function spread(trail: readonly ChainsLook[], index: number, truth: number): Range {
  return rangeOf([...trail.flatMap(({ positions }) => positions.map((position) => position[index])), truth], 0.12);
}

function drawPath(
  context: CanvasRenderingContext2D,
  places: readonly (readonly [number, number])[],
  tokens: Tokens,
): void {
  context.strokeStyle = tokens.line;
  context.lineWidth = 1;
  context.beginPath();
  for (const [x, y] of places) context.lineTo(x, y);
  context.stroke();
  places.forEach(([x, y], index) => {
    const before = places[index - 1];
    const stayed = before !== undefined && before[0] === x && before[1] === y;
    context.fillStyle = tokens.accent;
    context.strokeStyle = tokens.bad;
    context.lineWidth = 1.5;
    drawMark(context, stayed ? 'cross' : 'circle', x, y, stayed ? 4.5 : 2.2);
  });
}

function drawTruth(context: CanvasRenderingContext2D, [x, y]: readonly [number, number], tokens: Tokens): void {
  context.strokeStyle = tokens.truth;
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, 8, 0, 2 * Math.PI);
  context.stroke();
  drawMark(context, 'plus', x, y, 12);
}

function Glyph({ draw }: { readonly draw: 'disk' | 'cross' | 'mark' | 'truth' }) {
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" focusable="false">
      {draw === 'disk' && <circle cx="7" cy="7" r="3" fill="var(--accent)" />}
      {draw === 'cross' && <path d="m3 3 8 8M11 3l-8 8" stroke="var(--bad)" strokeWidth="1.8" />}
      {draw === 'mark' && <rect x="3" y="3" width="8" height="8" fill="var(--series-2)" />}
      {draw === 'truth' && (
        <g stroke="var(--truth)" strokeWidth="1.6" fill="none">
          <circle cx="7" cy="7" r="4" />
          <path d="M7 0v14M0 7h14" />
        </g>
      )}
    </svg>
  );
}
