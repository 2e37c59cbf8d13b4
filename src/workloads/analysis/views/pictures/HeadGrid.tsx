import { useMemo, useState } from 'react';
import { colouringOf, isDark } from '../../../../ui/charts/colour-scale.ts';
import { Figure } from '../../../../ui/charts/figure/Figure.tsx';
import { heatDrawing } from '../../../../ui/charts/heat/draw.ts';
import { HeatMap } from '../../../../ui/charts/heat/HeatMap.tsx';
import type { Heat } from '../../../../ui/charts/heat/layout.ts';
import { fixed } from '../../../../ui/format.ts';
import { useTokens } from '../../../../ui/shared/useTokens.ts';
import { HeadList } from './HeadList.tsx';
import { ATTENTION, patternPaint } from './head-patterns.ts';
import classes from './Pictures.module.css';
import type { HeadGridProps, HeadName, HeadScore } from './props.ts';
import { QuantitySelect } from './QuantitySelect.tsx';
import { useChosen } from './useChosen.ts';
import { numberWords } from './value-words.ts';

const PATTERNS = 'patterns';
/** px */
const SCORE = 40;
const PATTERN = 64;

/** Layers × heads: one score a head, or its small pattern; beside it, heads in order of the score. */
export function HeadGrid(props: HeadGridProps) {
  const { layers, heads, scores, patterns, chosen, onChoose, ...words } = props;
  const theme = useTokens();
  const dark = isDark(theme);
  const [id, setId] = useState(scores[0]?.id ?? PATTERNS);
  const [head, choose] = useChosen<HeadName | undefined>(
    chosen,
    onChoose && ((next) => next && onChoose(next)),
    undefined,
  );
  const small = id === PATTERNS ? patterns : undefined;
  const score = scores.find((each) => each.id === id) ?? scores[0];
  const heat = useMemo((): Heat => {
    const names = { rows: numbered('layer', layers), columns: numbered('', heads), columnTitle: 'head', upwards: true };
    const shared = { ...names, square: true, roomFor: layers };
    if (small) {
      const colouring = colouringOf(ATTENTION, [], dark);
      const paint = patternPaint(small.tokens.length, heads, small.values, colouring, theme);
      return { ...shared, values: [], colouring, quantity: 'attention', largest: PATTERN, paint };
    }
    return {
      ...shared,
      values: score.values,
      colouring: colouringOf(score.scale, score.values, dark),
      quantity: score.label,
      largest: SCORE,
      numbers: (value) => fixed(value, 2),
    };
  }, [small, score, layers, heads, dark, theme]);
  const drawing = useMemo(() => heatDrawing(heat, theme), [heat, theme]);
  const choices = [...scores, ...(patterns ? [{ id: PATTERNS, label: 'patterns' }] : [])];
  return (
    <Figure
      words={score?.note ? { ...words, notes: [...(words.notes ?? []), score.note] } : words}
      drawing={drawing}
      table={() => headTable(layers, heads, scores)}
      controls={
        <QuantitySelect quantities={choices} value={small ? PATTERNS : (score?.id ?? PATTERNS)} onChange={setId} />
      }
      testId="head-grid"
    >
      <div className={classes.beside}>
        <HeatMap
          label={`${small ? 'Patterns' : score.label} of ${layers} layers by ${heads} heads`}
          heat={heat}
          drawing={drawing}
          chosen={head && { row: head.layer, column: head.head }}
          onChoose={({ row, column }) => choose({ layer: row, head: column })}
          hint="Point at a head, or use arrow keys; click or Enter opens it."
          words={({ row, column }) => (
            <>
              Layer {row}, head {column}
              {score && (
                <>
                  : {score.label} <strong>{headWords(score, row * heads + column)}</strong>
                </>
              )}
            </>
          )}
        />
        {scores.length > 0 && (
          <HeadList
            title={words.title}
            layers={layers}
            heads={heads}
            scores={scores}
            by={score.id}
            onBy={setId}
            chosen={head}
            onChoose={choose}
          />
        )}
      </div>
    </Figure>
  );
}

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name} ${i}`.trim());

function headWords({ values, errors, nulls }: HeadScore, at: number): string {
  const value = numberWords(values[at], errors?.[at]);
  return nulls ? `${value}, control ${numberWords(nulls[at])}` : value;
}

function headTable(layers: number, heads: number, scores: readonly HeadScore[]) {
  return {
    columns: [
      'layer',
      'head',
      ...scores.flatMap(({ label, errors, nulls }) => [
        label,
        ...(errors ? [`${label}, standard error`] : []),
        ...(nulls ? [`${label}, control`] : []),
      ]),
    ],
    rows: Array.from({ length: layers * heads }, (_, at) => [
      Math.floor(at / heads),
      at % heads,
      ...scores.flatMap(({ values, errors, nulls }) => [
        values[at],
        ...(errors ? [errors[at]] : []),
        ...(nulls ? [nulls[at]] : []),
      ]),
    ]),
  };
}
