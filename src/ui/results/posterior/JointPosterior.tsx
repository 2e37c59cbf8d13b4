import { contours } from 'd3-contour';
import { useCallback, useMemo, useState } from 'react';
import type { PosteriorItem } from '../../../results/posterior/item.ts';
import { credibleLevels, density2d } from '../../../stats/density2d.ts';
import { drawAxes, drawMark } from '../../charts/axes.ts';
import { Legend } from '../../charts/Swatch.tsx';
import { comparable } from '../../charts/scale.ts';
import { Canvas } from '../../shared/Canvas.tsx';
import { PlaneSelect } from '../../shared/IndexSelect.tsx';
import { Panel } from '../../shared/Panel.tsx';
import { useTokens } from '../../shared/useTokens.ts';
import { useStore } from '../../state/store.ts';
import classes from '../ResultsTab.module.css';

/** Cells on an axis, at most: as many as thin crescents need. */
const CELLS = 384;
/** Outer region first, so that the inner one is drawn over it. */
const SHARES = [0.95, 0.68] as const;
/** More dots than this say nothing more. */
const DOTS = 1500;

interface JointPosteriorProps {
  readonly posterior: PosteriorItem;
  readonly truth: Readonly<Record<string, number>>;
  /** Draws of the exact posterior by parameter, shown beneath. */
  readonly exact?: Readonly<Record<string, ArrayLike<number>>>;
}

/** Credible regions of two parameters from the draws, with the draws themselves and the truth. */
export default function JointPosterior({ posterior, truth, exact }: JointPosteriorProps) {
  const { parameters } = posterior;
  const [axes, setAxes] = useState<readonly [number, number]>([0, Math.min(1, parameters.length - 1)]);
  const tokens = useTokens();
  const [across, up] = [
    parameters[Math.min(axes[0], parameters.length - 1)],
    parameters[Math.min(axes[1], parameters.length - 1)],
  ];
  const { density, regions } = useMemo(() => {
    const grid = density2d(across.values, up.values, CELLS);
    const levels = credibleLevels(grid, SHARES);
    const trace = contours().size([grid.nx, grid.ny]);
    return { density: grid, regions: levels.map((level) => trace.contour(Array.from(grid.cells), level)) };
  }, [across, up]);
  const units = useStore((store) => store.run?.parameters);
  const unitOf = (name: string) => units?.find((each) => each.name === name)?.unit;
  const equal = unitOf(across.name) === unitOf(up.name) && comparable(density.xRange, density.yRange);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) => {
      const [x0, x1] = density.xRange;
      const [y0, y1] = density.yRange;
      const goal = [truth[across.name], truth[up.name]];
      const frame = drawAxes(context, width, height, tokens, {
        xRange: { min: Math.min(x0, goal[0] ?? x0), max: Math.max(x1, goal[0] ?? x1) },
        yRange: { min: Math.min(y0, goal[1] ?? y0), max: Math.max(y1, goal[1] ?? y1) },
        equal,
        xLabel: across.name,
        yLabel: up.name,
      });
      const x = (cell: number) => frame.x(x0 + (cell / density.nx) * (x1 - x0));
      const y = (cell: number) => frame.y(y0 + (cell / density.ny) * (y1 - y0));
      context.save();
      context.beginPath();
      context.rect(frame.left, frame.top, frame.right - frame.left, frame.bottom - frame.top);
      context.clip();
      const [ex, ey] = [exact?.[across.name], exact?.[up.name]];
      if (ex && ey) {
        context.fillStyle = tokens.series[1];
        context.globalAlpha = 0.45;
        for (let i = 0; i < ex.length; i++) context.fillRect(frame.x(ex[i]) - 1.25, frame.y(ey[i]) - 1.25, 2.5, 2.5);
        context.globalAlpha = 1;
      }
      regions.forEach((region, index) => {
        context.beginPath();
        for (const ring of region.coordinates.flat()) {
          context.moveTo(x(ring[0][0]), y(ring[0][1]));
          for (const [cx, cy] of ring) context.lineTo(x(cx), y(cy));
          context.closePath();
        }
        context.fillStyle = tokens.series[0];
        context.globalAlpha = index === 0 ? 0.18 : 0.32;
        context.fill('evenodd');
        context.globalAlpha = 1;
        context.strokeStyle = tokens.series[0];
        context.lineWidth = 1.5;
        context.setLineDash(index === 0 ? [5, 3] : []);
        context.stroke();
      });
      context.setLineDash([]);
      context.fillStyle = tokens.ink;
      context.globalAlpha = 0.35;
      const stride = Math.max(1, Math.ceil(across.values.length / DOTS));
      for (let i = 0; i < across.values.length; i += stride)
        context.fillRect(frame.x(across.values[i]) - 0.75, frame.y(up.values[i]) - 0.75, 1.5, 1.5);
      context.globalAlpha = 1;
      if (goal.every(Number.isFinite)) {
        const [gx, gy] = [frame.x(goal[0]), frame.y(goal[1])];
        context.strokeStyle = tokens.truth;
        context.lineWidth = 2;
        drawMark(context, 'plus', gx, gy, 11);
        context.beginPath();
        context.arc(gx, gy, 6, 0, 2 * Math.PI);
        context.stroke();
      }
      context.restore();
    },
    [density, regions, equal, across, up, truth, exact, tokens],
  );
  return (
    <Panel
      title="Joint posterior"
      about="Smallest regions that hold 68 % (solid) and 95 % (dashed) of the draws, by their smoothed density. Parameters in one unit whose posteriors are about as wide have one scale on both axes, so that shapes are what they are. The table of diagnostics has the numbers."
      aside={<PlaneSelect names={parameters.map(({ name }) => name)} axes={axes} onChange={setAxes} />}
    >
      <Legend
        entries={[
          { shape: 'region', color: '--series-1', label: '68 % of the draws' },
          { shape: 'dashedRegion', color: '--series-1', label: '95 %' },
          { shape: 'dots', color: '--ink', label: 'draws' },
          exact !== undefined && { shape: 'dots', color: '--series-2', label: 'draws of the exact posterior' },
          across.name in truth && up.name in truth && { shape: 'target', color: '--truth', label: 'truth' },
        ]}
      />
      <div className={equal ? classes.square : undefined}>
        <Canvas
          height={equal ? 'square' : 300}
          draw={draw}
          label={`Joint posterior of ${across.name} and ${up.name} with regions of 68 and 95 percent${equal ? ', both axes in one scale' : ''}`}
        />
      </div>
    </Panel>
  );
}
