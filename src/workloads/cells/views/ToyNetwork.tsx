import { useMemo } from 'react';
import { Legend } from '../../../ui/charts/Swatch.tsx';
import { type Column, DataTable } from '../../../ui/shared/DataTable.tsx';
import { type Edge, GENES, KNOCK_OUTS, REGULATORS, trueEdges } from '../toy/network.ts';
import classes from './Cells.module.css';
import { layersOf } from './toy-layers.ts';

const WIDTH = 560;
const ROW = 84;
const NODE = 44;

const COLUMNS: readonly Column<Edge>[] = [
  { key: 'from', title: 'Regulator', cell: ({ from }) => from },
  {
    key: 'sign',
    title: 'Acts',
    cell: ({ sign }) => (sign === '+' ? 'switches on' : sign === '−' ? 'switches off' : 'either, not both'),
  },
  { key: 'to', title: 'Gene', cell: ({ to }) => to },
];

/** The regulators of the shipped cells and what they do to each other: known, since the cells are simulated. */
export function ToyNetwork() {
  const { places, height, among, edges } = useMemo(() => {
    const layers = layersOf(REGULATORS);
    const all = trueEdges();
    const names = new Set(REGULATORS.map(({ name }) => name));
    return {
      places: new Map(
        layers.flatMap((layer, depth) =>
          layer.map((name, i) => [name, { x: (WIDTH * (i + 0.5)) / layer.length, y: ROW * (depth + 0.5) }] as const),
        ),
      ),
      height: ROW * layers.length,
      among: all.filter(({ from, to }) => names.has(from) && names.has(to)),
      edges: all,
    };
  }, []);
  const knocked = new Set(KNOCK_OUTS.map((regulator) => REGULATORS[regulator].name));
  return (
    <figure className={classes.network}>
      <Legend
        entries={[
          { shape: 'line', color: '--series-1', label: 'switches on' },
          { shape: 'dashed', color: '--series-2', label: 'switches off' },
          { shape: 'ring', color: '--bad', label: 'knocked out in some cells' },
        ]}
      />
      <svg
        className={classes.drawing}
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="img"
        aria-label={`${REGULATORS.length} regulators in layers, ${among.length} arrows among them. The table below has all.`}
      >
        <defs>
          {['on', 'off'].map((kind) => (
            <marker
              key={kind}
              id={`toy-${kind}`}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path d="M0 0 8 4 0 8z" fill={`var(--series-${kind === 'on' ? 1 : 2})`} />
            </marker>
          ))}
        </defs>
        {among.map(({ from, to, sign }) => {
          const [a, b] = [places.get(from)!, places.get(to)!];
          const length = Math.hypot(b.x - a.x, b.y - a.y);
          const [dx, dy] = [((b.x - a.x) / length) * (NODE / 2 + 2), ((b.y - a.y) / length) * (NODE / 2 + 2)];
          const off = sign === '−';
          return (
            <line
              key={`${from} ${to}`}
              x1={a.x + dx}
              y1={a.y + dy}
              x2={b.x - dx}
              y2={b.y - dy}
              stroke={`var(--series-${off ? 2 : 1})`}
              strokeWidth="2"
              strokeDasharray={off ? '6 4' : undefined}
              markerEnd={`url(#toy-${off ? 'off' : 'on'})`}
            />
          );
        })}
        {[...places].map(([name, { x, y }]) => (
          <g key={name}>
            <circle
              cx={x}
              cy={y}
              r={NODE / 2}
              fill="var(--panel-raised)"
              stroke={knocked.has(name) ? 'var(--bad)' : 'var(--line-strong)'}
              strokeWidth="2"
            />
            <text x={x} y={y} textAnchor="middle" dominantBaseline="central" fontSize="12" fill="var(--ink)">
              {name}
            </text>
          </g>
        ))}
      </svg>
      <details className={classes.details}>
        <summary>
          All {edges.length} arrows, those to the {GENES.length} genes among them
        </summary>
        <DataTable
          caption="Who acts on whom in the shipped cells"
          columns={COLUMNS}
          rows={edges}
          rowKey={({ from, to }) => `${from} ${to}`}
        />
      </details>
    </figure>
  );
}
