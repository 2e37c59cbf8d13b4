/** The sampler as an ONNX model: the protobuf is small enough to be written by hand. Fields by their numbers in onnx.proto3. */
import { type FlowProblem, SAMPLING, stepTimes, tensorOf, timeFeatures } from './problem.ts';

const OPSET = 17;
const IR_VERSION = 8;
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_INT = 2;

type Bytes = Uint8Array<ArrayBuffer>;

function join(parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function varint(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.from([...bytes, rest]);
}

const number = (field: number, value: number) => join([varint(field * 8), varint(value)]);
const bytes = (field: number, value: Bytes) => join([varint(field * 8 + 2), varint(value.length), value]);
const text = (field: number, value: string) => bytes(field, new TextEncoder().encode(value) as Bytes);

function node(op: string, inputs: readonly string[], output: string, attributes: Record<string, number> = {}): Bytes {
  const attribute = ([name, value]: [string, number]) =>
    bytes(5, join([text(1, name), number(3, value), number(20, ATTRIBUTE_INT)]));
  return join([
    ...inputs.map((input) => text(1, input)),
    text(2, output),
    text(3, output),
    text(4, op),
    ...Object.entries(attributes).map(attribute),
  ]);
}

function tensor(name: string, shape: readonly number[], type: number, data: ArrayBufferView<ArrayBuffer>): Bytes {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return join([...shape.map((n) => number(1, n)), number(2, type), text(8, name), bytes(9, raw)]);
}

function valueInfo(name: string, shape: readonly number[]): Bytes {
  const dimensions = join(shape.map((n) => bytes(1, number(1, n))));
  return join([text(1, name), bytes(2, bytes(1, join([number(1, FLOAT), bytes(2, dimensions)])))]);
}

/** What a call of the model does: a step of the solver (times are inputs t0, t1), or all of them. */
export type OnnxScope = 'step' | 'all steps';

/** Inputs x [batch, D] and context [batch, C] (and t0, t1 [1, 11] of a step); output `end` [batch, D]. */
export function onnxModel(problem: FlowProblem, batch: number, scope: OnnxScope): Bytes {
  const { model } = problem;
  const { thetaDimension: d, xDimension: c } = model.task;
  const nodes: Bytes[] = [];
  const initializers: Bytes[] = [];
  const add = (op: string, inputs: readonly string[], output: string, attributes?: Record<string, number>) => {
    nodes.push(node(op, inputs, output, attributes));
    return output;
  };
  const constant = (name: string, shape: readonly number[], values: Float32Array) => {
    initializers.push(tensor(name, shape, FLOAT, values as Float32Array<ArrayBuffer>));
    return name;
  };
  const names = [...Array.from({ length: model.net.depth }, (_, i) => `layers.${i}`), 'output'];
  for (const name of names.flatMap((each) => [`${each}.weight`, `${each}.bias`])) {
    const { shape, values } = tensorOf(model, name);
    constant(name, shape, values);
  }
  const h = 1 / SAMPLING.steps;
  constant('step', [], Float32Array.of(h));
  constant('half step', [], Float32Array.of(h / 2));
  const times = timeFeatures(problem, 0).length;
  initializers.push(tensor('time shape', [2], INT64, BigInt64Array.of(BigInt(batch), BigInt(times))));

  const velocity = (x: string, time: string, id: string) => {
    const dense = (input: string, name: string, to: string) =>
      add('Gemm', [input, `${name}.weight`, `${name}.bias`], to);
    const wide = add('Expand', [time, 'time shape'], `${id} time`);
    let at = add('Concat', [x, wide, 'context'], `${id} features`, { axis: 1 });
    for (const [i, name] of names.slice(0, -1).entries()) {
      const z = dense(at, name, `${id} z${i}`);
      const s = add('Sigmoid', [z], `${id} s${i}`);
      const silu = add('Mul', [z, s], `${id} a${i}`);
      at = i === 0 ? silu : add('Add', [silu, at], `${id} h${i}`);
    }
    return dense(at, 'output', `${id} v`);
  };
  const midpoint = (x: string, t0: string, t1: string, id: string, to: string) => {
    const first = add('Mul', [velocity(x, t0, `${id} k1`), 'half step'], `${id} half`);
    const middle = add('Add', [x, first], `${id} middle`);
    const second = add('Mul', [velocity(middle, t1, `${id} k2`), 'step'], `${id} whole`);
    return add('Add', [x, second], to);
  };
  const inputs = [valueInfo('x', [batch, d]), valueInfo('context', [batch, c])];
  if (scope === 'step') {
    inputs.push(valueInfo('t0', [1, times]), valueInfo('t1', [1, times]));
    midpoint('x', 't0', 't1', 'only', 'end');
  } else {
    let x = 'x';
    for (let step = 0; step < SAMPLING.steps; step++) {
      const [t0, t1] = stepTimes(step).map((t, i) =>
        constant(`time ${step} ${i}`, [1, times], timeFeatures(problem, t)),
      );
      x = midpoint(x, t0, t1, `${step}`, step === SAMPLING.steps - 1 ? 'end' : `${step} end`);
    }
  }
  const graph = join([
    ...nodes.map((each) => bytes(1, each)),
    text(2, 'sampler'),
    ...initializers.map((each) => bytes(5, each)),
    ...inputs.map((each) => bytes(11, each)),
    bytes(12, valueInfo('end', [batch, d])),
  ]);
  return join([number(1, IR_VERSION), bytes(7, graph), bytes(8, number(2, OPSET))]);
}
