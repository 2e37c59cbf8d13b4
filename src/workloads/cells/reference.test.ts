/** Cells where there is no device. */
import { describe, expect, it } from 'vitest';
import { defaultSizes } from '../../batch/sizes.ts';
import type { TokenItem } from '../../results/tokens/item.ts';
import type { Session } from '../workload.ts';
import type { CellsProblem } from './problem.ts';
import { cellsCpuPath } from './reference.ts';
import { loadedToy } from './test-support/loaded.ts';
import { cellsWorkload } from './workload.ts';

const CELLS = 6;

function problemOf(kind: 'network' | 'mixture', changes = {}): Promise<CellsProblem> {
  const params = { model: kind, cells: CELLS, steps: 4, ...changes };
  return Promise.resolve(cellsWorkload.configure(params, { loaded: loadedToy(kind) }).prepare(42));
}

async function finish(session: Session<TokenItem>, items: readonly number[]): Promise<TokenItem[]> {
  await session.start(items);
  let progress = await session.advance(0);
  while (progress.phase !== 'done') progress = await session.advance(20);
  expect(progress).toMatchObject({ steps: progress.stepsTotal, clock: 'wall' });
  const collected = await session.collect();
  session.close();
  return collected;
}

const all = Array.from({ length: CELLS }, (_, i) => i);

describe('cells on the CPU', () => {
  it('computes in f32 with ONNX Runtime, and says so', async () => {
    const { arithmetic, warning } = await cellsWorkload.cpu!();
    expect(arithmetic).toEqual({ name: expect.stringMatching(/^ONNX Runtime Web 1\.\d+\.\d+$/), precision: 'f32' });
    expect(warning).toBeUndefined();
  });

  // f32 moves a probability by some 1e-7: among the 60 words that choose tokens here none lies so near to a boundary.
  it.each([
    ['network', { guidance: 2 }],
    ['network', { task: 'impute' }],
    ['mixture', {}],
  ] as const)('draws the tokens of the f64 twin: %s, %o', async (kind, changes) => {
    const problem = await problemOf(kind, changes);
    const found = await finish(await (await cellsWorkload.cpu!()).open(problem, CELLS, defaultSizes), all);
    expect(found).toHaveLength(CELLS);
    expect(found).toEqual(await finish(await cellsWorkload.reference(problem, CELLS), all));
  });

  it('gives equal bits for chunks of 1, 4 and all, and for any number of genes at once', async () => {
    const problem = await problemOf('network', { guidance: 1.5, steps: 6 });
    const path = await cellsWorkload.cpu!();
    const drawn = async (chunk: number, rowsAtOnce: number) => {
      const items: TokenItem[] = [];
      const sizes = { ...defaultSizes, 'cells.rowsAtOnce': rowsAtOnce };
      for (let first = 0; first < CELLS; first += chunk)
        items.push(...(await finish(await path.open(problem, chunk, sizes), all.slice(first, first + chunk))));
      return items;
    };
    const whole = await drawn(CELLS, 4096);
    expect(await drawn(1, 4096)).toEqual(whole);
    expect(await drawn(4, 10)).toEqual(whole);
  });

  it('runs the twin where ONNX Runtime does not load, and says why', async () => {
    const path = await cellsCpuPath(() => Promise.reject(new Error('no WebAssembly here')));
    expect(path.arithmetic).toEqual({ name: 'f64 twin', precision: 'f64' });
    expect(path.warning).toContain('no WebAssembly here');
    const problem = await problemOf('network');
    const found = await finish(await path.open(problem, CELLS, defaultSizes), all);
    expect(found).toEqual(await finish(await cellsWorkload.reference(problem, CELLS), all));
  });
});
