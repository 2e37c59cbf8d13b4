import { useMemo, useState } from 'react';
import { More } from '../../../../ui/shared/More.tsx';
import text from '../../../../ui/shared/text.module.css';
import classes from './Pictures.module.css';
import type { HeadName, HeadScore } from './props.ts';
import { rankHeads } from './rank-heads.ts';
import { numberWords } from './value-words.ts';

/** Heads listed before the rest is put aside. */
const TOP = 8;

interface HeadListProps {
  /** Of the figure. */
  readonly title: string;
  readonly layers: number;
  readonly heads: number;
  readonly scores: readonly HeadScore[];
  readonly by: string;
  readonly onBy: (id: string) => void;
  readonly chosen?: HeadName;
  readonly onChoose: (head: HeadName) => void;
}

/** The top heads by a score; another column's title sorts by it, the same one turns the order. */
export function HeadList({ title, layers, heads, scores, by, onBy, chosen, onChoose }: HeadListProps) {
  const [order, setOrder] = useState<'ascending' | 'descending'>('descending');
  const [all, setAll] = useState(false);
  const score = scores.find(({ id }) => id === by) ?? scores[0];
  const ranked = useMemo(() => rankHeads(score, layers, heads, order), [score, layers, heads, order]);
  const sort = (id: string) => {
    if (id === score.id) setOrder(order === 'descending' ? 'ascending' : 'descending');
    else onBy(id);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable to scroll it by keyboard
    <section className={classes.list} aria-label={`${title}: heads in order of a score`} tabIndex={0}>
      <table>
        <caption className={text.hidden}>Heads in order of {score.label}</caption>
        <thead>
          <tr>
            <th scope="col">Head</th>
            {scores.map(({ id, label }) => (
              <th key={id} scope="col" aria-sort={id === score.id ? order : undefined}>
                <button type="button" className={classes.sort} onClick={() => sort(id)}>
                  {label}
                  <span aria-hidden="true">{id === score.id ? (order === 'descending' ? ' ↓' : ' ↑') : ''}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(all ? ranked : ranked.slice(0, TOP)).map(({ at, layer, head }) => (
            <tr key={at} data-chosen={(chosen?.layer === layer && chosen.head === head) || undefined}>
              <th scope="row">
                <button type="button" className={text.link} onClick={() => onChoose({ layer, head })}>
                  L{layer} H{head}
                </button>
              </th>
              {scores.map(({ id, values, errors }) => (
                <td key={id}>{numberWords(values[at], errors?.[at])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {ranked.length > TOP && (
        <More shown={all} onToggle={() => setAll(!all)}>
          {ranked.length - TOP} more heads
        </More>
      )}
    </section>
  );
}
