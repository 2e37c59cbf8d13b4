import { Switch } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import type { MemoryCurve } from '../../engine/plan/memory-table.ts';
import { planBytes } from '../../gpu/plan.ts';
import type { PlanReply } from '../../worker/engine-api.ts';
import { exactBytes, grouped } from '../format.ts';
import { Canvas } from '../shared/Canvas.tsx';
import { type Column, DataTable } from '../shared/DataTable.tsx';
import { groupBy } from '../shared/groupBy.ts';
import { Panel } from '../shared/Panel.tsx';
import text from '../shared/text.module.css';
import { useTokens } from '../shared/useTokens.ts';
import { CapsTable } from './CapsTable.tsx';
import { capsSentence, type ItemName } from './cap-words.ts';
import { type ChunkMark, drawStack, type StackPicture } from './draw-stack.ts';
import { type Stack, stackOf } from './layers.ts';
import classes from './MemoryTab.module.css';

interface BatchMemoryProps {
  readonly plan: PlanReply;
  readonly curve: MemoryCurve;
  readonly names: ItemName;
}

const HEIGHT = 320;

/** Memory over the batch size: the formula with its numbers, the stack of buffers, and the caps. */
export function BatchMemory({ plan, curve, names }: BatchMemoryProps) {
  const tokens = useTokens();
  const [near, setNear] = useState(false);
  const last = endOf(plan, near);
  const stack = useMemo(() => stackOf(curve, last), [curve, last]);
  const picture = useMemo(() => pictureOf(plan, stack, names, last), [plan, stack, names, last]);
  const draw = useCallback(
    (context: CanvasRenderingContext2D, width: number, height: number) =>
      drawStack(context, width, height, tokens, picture),
    [tokens, picture],
  );
  const sentence = capsSentence(plan.caps, names);
  return (
    <Panel
      title="Memory over the batch size"
      about="Every byte is known before any is taken: WebGPU cannot be asked how much is free, but this program creates every buffer itself."
      aside={
        <Switch
          size="xs"
          label={`Only up to this run’s ${grouped(plan.items)}`}
          checked={near}
          onChange={(event) => setNear(event.currentTarget.checked)}
        />
      }
    >
      <Formula plan={plan} />
      {sentence && (
        <p className={classes.sentence} data-testid="binding-cap">
          {sentence}
        </p>
      )}
      <ul className={text.legend}>
        {[...stack.layers.entries()].reverse().map(([i, { name }]) => (
          <li key={name}>
            <span className={classes.swatch} style={{ background: `var(--series-${i + 1})` }} />
            {name}
          </li>
        ))}
        <li>
          <span className={classes.dotted} />
          the largest buffer that a kernel binds, alone
        </li>
      </ul>
      <Canvas
        label={`Bytes of all buffers over the batch size. ${sentence ?? ''} The table below holds the numbers.`}
        height={HEIGHT}
        draw={draw}
      />
      <details className={classes.twin}>
        <summary>Numbers of this picture</summary>
        <DataTable
          caption="Bytes by batch size"
          columns={columnsOf(stack, names)}
          rows={rowsOf(stack, picture.last)}
          rowKey={(row) => stack.chunks[row]}
          selectedKey={plan.chunk}
        />
      </details>
      <details className={classes.twin}>
        <summary>Every limit</summary>
        <CapsTable caps={plan.caps} names={names} />
      </details>
    </Panel>
  );
}

/** M(B) = F + s·B with the numbers of this plan. */
function Formula({ plan }: { readonly plan: PlanReply }) {
  const perItem = plan.plan.buffers.reduce((sum, { bytesPerItem }) => sum + bytesPerItem, 0);
  const total = planBytes(plan.plan);
  const fixed = total - perItem * plan.chunk;
  return (
    <p className={classes.equation} data-testid="memory-formula">
      <span>
        M(<i>B</i>) = F + s · <i>B</i>
      </span>{' '}
      <span>
        = {grouped(fixed)} + {grouped(perItem)} × {grouped(plan.chunk)}
      </span>{' '}
      <strong>= {exactBytes(total)}</strong>
      <span className={classes.note}>
        F and s hold around this batch: staging for results grows with the batch only until it is full.
      </span>
    </p>
  );
}

/** The right end of the picture: this run's items, or the doubling beyond what the first cap allows. */
function endOf({ caps, chunk, items }: PlanReply, near: boolean): number {
  const binding = caps.each.find(({ name }) => name === caps.binding);
  if (near || !binding) return Math.max(2, items, chunk);
  return 2 ** Math.ceil(Math.log2(Math.max(2, binding.largestChunk * 1.25, chunk)));
}

function pictureOf(plan: PlanReply, stack: Stack, names: ItemName, last: number): StackPicture {
  const { caps, chunk, items, tuning } = plan;
  const binding = caps.each.find(({ name }) => name === caps.binding);
  const safe = tuning?.choice.largestSafe;
  const workgroups = caps.each.find(({ name }) => name === 'workgroups');
  const marks: ChunkMark[] = [
    { label: `this batch: ${grouped(chunk)}`, chunk, strong: true },
    ...(items === chunk ? [] : [{ label: `all ${grouped(items)} ${names.many}`, chunk: items }]),
    ...(safe === undefined ? [] : [{ label: `largest safe, as tuned: ${grouped(safe)}`, chunk: safe }]),
    ...(binding ? [{ label: `${binding.label}: ${grouped(binding.largestChunk)}`, chunk: binding.largestChunk }] : []),
    ...(workgroups && workgroups !== binding
      ? [{ label: `${workgroups.label}: ${grouped(workgroups.largestChunk)}`, chunk: workgroups.largestChunk }]
      : []),
  ];
  const limits = caps.each.filter(({ unit, limit }) => unit === 'bytes' && Number.isFinite(limit));
  const lines = [...groupBy(limits, ({ limit }) => String(limit)).values()].map((equal) => ({
    labels: equal.map(({ label }) => label),
    bytes: equal[0].limit,
  }));
  return { stack, last, lines, marks, xLabel: `batch size (${names.many} in a chunk), log₂` };
}

/** Rows of the table: the doublings, this batch and the number of items. */
function rowsOf({ chunks }: Stack, last: number): number[] {
  return [...chunks.keys()].filter((i) => {
    const doubling = Number.isInteger(Math.log2(chunks[i]));
    // Between doublings the curve has quarter steps, which only the drawing needs.
    const quarter = chunks[i] === Math.round(2 ** (Math.round(Math.log2(chunks[i]) * 4) / 4));
    return chunks[i] <= last && (doubling || !quarter);
  });
}

function columnsOf(stack: Stack, names: ItemName): readonly Column<number>[] {
  const bytes = (key: string, title: string, values: readonly number[]): Column<number> => ({
    key,
    title,
    numeric: true,
    cell: (row) => grouped(values[row]),
  });
  return [
    bytes('chunk', `Batch (${names.many})`, stack.chunks),
    bytes('total', 'All buffers, bytes', stack.total),
    ...stack.layers.map((layer) => bytes(layer.name, layer.name, layer.bytes)),
    bytes('binding', 'Largest binding', stack.largestBinding),
  ];
}
