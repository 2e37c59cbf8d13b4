import { useMemo } from 'react';
import { beside } from '../../../../ui/charts/beside.ts';
import { colouringOf, isDark } from '../../../../ui/charts/colour-scale.ts';
import { Figure } from '../../../../ui/charts/figure/Figure.tsx';
import { wideTable } from '../../../../ui/charts/figure/table.ts';
import { heatDrawing } from '../../../../ui/charts/heat/draw.ts';
import { HeatMap } from '../../../../ui/charts/heat/HeatMap.tsx';
import type { Heat, Spot } from '../../../../ui/charts/heat/layout.ts';
import { fixed, grouped } from '../../../../ui/format.ts';
import { useTokens } from '../../../../ui/shared/useTokens.ts';
import classes from './Pictures.module.css';
import type { MatrixProps } from './props.ts';
import { numberWords } from './value-words.ts';

/** A matrix of similarities, groups framed, with what chance gives beside it in the same colours. */
export function Matrix(props: MatrixProps) {
  const { rows, columns: given, values, errors, scale, quantity, rowGroups, columnGroups, n, null: chance } = props;
  const { title, definition, about, readings, controls, aside, file, notes = [] } = props;
  const theme = useTokens();
  const dark = isDark(theme);
  const columns = given ?? rows;
  const own = useMemo((): Heat => {
    const square = columns === rows;
    return {
      rows,
      columns,
      values,
      colouring: colouringOf(scale, rangeWith(values, chance?.values), dark),
      square: true,
      numbers: (value) => fixed(value, 2),
      rowGroups,
      columnGroups: columnGroups ?? (square ? rowGroups : undefined),
      quantity,
    };
  }, [rows, columns, values, chance, scale, quantity, rowGroups, columnGroups, dark]);
  const nulls = useMemo(
    (): Heat | undefined => chance?.values && { ...own, values: chance.values, quantity: `${quantity}, chance` },
    [own, chance, quantity],
  );
  const [drawing, ownDrawing, nullDrawing] = useMemo(() => {
    const first = heatDrawing(own, theme);
    if (!nulls) return [first, first];
    const second = heatDrawing(nulls, theme);
    return [beside(first, second), first, second];
  }, [own, nulls, theme]);
  const words =
    (of: ArrayLike<number>, withErrors?: ArrayLike<number>) =>
    ({ row, column }: Spot) => {
      const at = row * columns.length + column;
      return (
        <>
          {rows[row]} with {columns[column]}: {quantity} <strong>{numberWords(of[at], withErrors?.[at])}</strong>
          {of === values && chance?.values && `, chance ${numberWords(chance.values[at])}`}
        </>
      );
    };
  const below = [n && `n = ${grouped(n.count)} ${n.word}`, chance && `Chance: ${chance.words}`].filter(isText);
  const size = `${rows.length} by ${columns.length}`;
  return (
    <Figure
      words={{ title, definition, about, readings, controls, aside, file, notes: [...notes, ...below] }}
      drawing={drawing}
      table={() => matrixTable(props, columns)}
      testId="matrix"
    >
      <div className={nulls && classes.beside}>
        <HeatMap label={`${quantity}, ${size}`} heat={own} drawing={ownDrawing} words={words(values, errors)} />
        {nulls && nullDrawing && (
          <HeatMap
            label={`${quantity} by chance, ${size}`}
            heat={nulls}
            drawing={nullDrawing}
            words={words(nulls.values)}
            hint="What chance gives."
          />
        )}
      </div>
    </Figure>
  );
}

const isText = (words: string | undefined): words is string => words !== undefined;

/** Both matrices are in one scale. */
function rangeWith(values: ArrayLike<number>, more: ArrayLike<number> | undefined): ArrayLike<number> {
  return more ? [...Array.from(values), ...Array.from(more)] : values;
}

function matrixTable({ rows, values, errors, null: chance }: MatrixProps, columns: readonly string[]) {
  if (!errors && !chance?.values) return wideTable('', rows, columns, values);
  return {
    columns: ['row', 'column', 'value', ...(errors ? ['standard error'] : []), ...(chance?.values ? ['chance'] : [])],
    rows: rows.flatMap((row, i) =>
      columns.map((column, j) => {
        const at = i * columns.length + j;
        return [
          row,
          column,
          values[at],
          ...(errors ? [errors[at]] : []),
          ...(chance?.values ? [chance.values[at]] : []),
        ];
      }),
    ),
  };
}
