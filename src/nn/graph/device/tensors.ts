/** Tensors of a vector of parameters as kernels are bound to them: where they lie in the file, whatever their offsets. */
import { parameterOf } from '../graph.ts';
import type { Bound } from './flight.ts';
import { inWords } from './kernel.ts';
import type { Layout } from './layout.ts';

/** A part of a kernel: what it binds, and what its text is told. */
export interface KernelPart {
  readonly buffers: Readonly<Record<number, Bound>>;
  readonly conditions: Readonly<Record<string, boolean>>;
  readonly constants: Readonly<Record<string, string>>;
}

/** Rows and columns of a tensor; one row of a tensor of one dimension. */
export function matrixShape({ graph }: Layout, name: string): { readonly rows: number; readonly width: number } {
  const { shape } = parameterOf(graph, name);
  const width = shape.at(-1) ?? 1;
  return { rows: shape.reduce((product, n) => product * n, 1) / width, width };
}

function part(layout: Layout, name: string, vector: string, letter: 'w' | 'b' | 'g', binding: number): KernelPart {
  const { bound, skip } = layout.tensor(name, vector);
  const { rows, width } = matrixShape(layout, name);
  const upper = letter.toUpperCase();
  return {
    buffers: { [binding]: bound },
    conditions: { [`${letter}_aligned`]: skip % 4 === 0 && width % 4 === 0 },
    constants: {
      [`${upper}_SKIP`]: inWords(skip),
      [`${upper}_WIDTH`]: inWords(width),
      [`${upper}_ROWS`]: inWords(rows),
    },
  };
}

/** `matrix.wgsl`. @param rowsRead rows that the kernel may ask for: beyond the last only tensors that are not aligned are safe */
export function matrixPart(layout: Layout, name: string, vector: string, rowsRead?: number): KernelPart {
  const found = part(layout, name, vector, 'w', 1);
  const beyond = rowsRead !== undefined && rowsRead > matrixShape(layout, name).rows;
  return beyond ? { ...found, conditions: { w_aligned: false } } : found;
}

/** `bias.wgsl`; without a name nothing is biased. */
export function biasPart(layout: Layout, name: string | undefined, vector: string): KernelPart {
  if (name === undefined) return { buffers: {}, conditions: { biased: false }, constants: {} };
  const { buffers, conditions, constants } = part(layout, name, vector, 'b', 2);
  return { buffers, conditions: { ...conditions, biased: true }, constants };
}

/** `into.wgsl` */
export function intoPart(layout: Layout, name: string, vector: string, square: boolean): KernelPart {
  const { buffers, conditions, constants } = part(layout, name, vector, 'g', 3);
  return { buffers, conditions: { ...conditions, square }, constants };
}

/** `tail.wgsl` for rows of so many numbers. */
export function tailPart(width: number): KernelPart {
  return { buffers: {}, conditions: { tail: width % 4 !== 0 }, constants: { TAIL_WIDTH: inWords(width) } };
}

/** What several parts of a kernel come to. */
export function joined(...parts: readonly Partial<KernelPart>[]): KernelPart {
  return {
    buffers: Object.assign({}, ...parts.map(({ buffers }) => buffers)),
    conditions: Object.assign({}, ...parts.map(({ conditions }) => conditions)),
    constants: Object.assign({}, ...parts.map(({ constants }) => constants)),
  };
}
