/** Starts PyTorch beside the benchmark, on the CPU: the other end of what a browser without its own kernels is held against. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { rotaryTurns } from '../../../src/nn/transformer/rotary.ts';
import type { AnalysisProblem, Quantity } from './problem.ts';

export interface TorchRequest {
  readonly quantity: Quantity;
  readonly steps: number;
  readonly output: boolean;
}

export interface Torch {
  readonly version: string;
  /** Numbers where they were asked for. */
  ask(request: TorchRequest): Promise<readonly number[]>;
  close(): void;
}

/** @throws what Python says where it has no torch */
export async function startTorch(python: string, problem: AnalysisProblem, threads: number): Promise<Torch> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-torch-'));
  const { spec, graph, theta, direction, ids, length, texts, pathTexts, nodes, pad, rule } = problem;
  writeFileSync(join(folder, 'theta.f32'), theta);
  writeFileSync(join(folder, 'direction.f32'), direction);
  const tensors = graph.parameters.map(({ name, shape, at }) => ({ name, shape, at }));
  const { layers, heads, scale, norm } = spec;
  const own = { tensors, layers, heads, scale, epsilon: norm.epsilon, turns: [...rotaryTurns(spec, length)] };
  const told = { ...own, ids, length, texts, pathTexts, nodes, pad, rule, threads };
  writeFileSync(join(folder, 'problem.json'), JSON.stringify(told));
  const child = spawn(python, ['bench/lib/analysis/pytorch_entrant.py', folder], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error(said.trim().split('\n').at(-1) ?? 'it ended');
    return JSON.parse(value) as { readonly version: string; readonly error?: string };
  };
  const close = () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  child.on('error', () => undefined);
  try {
    const { version } = await answer();
    return {
      version,
      async ask({ quantity, steps, output }) {
        const path = join(folder, 'output.f32');
        child.stdin.write(`${JSON.stringify({ quantity, steps, output: output ? path : null })}\n`);
        const { error } = await answer();
        if (error !== undefined) throw new Error(error);
        if (!output) return [];
        const bytes = readFileSync(path);
        return [...new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))];
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
