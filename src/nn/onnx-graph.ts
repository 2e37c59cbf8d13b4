/**
 * An ONNX model, written node by node. The protobuf of a small model is short enough to be written by hand; fields go by their numbers in
 * onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
 */

const OPSET = 17;
const IR_VERSION = 8;
const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

type Bytes = Uint8Array<ArrayBuffer>;

/** A whole number, several of them, or a real one. */
export type OnnxAttribute = number | readonly number[] | { readonly real: number };

export class OnnxGraph {
  readonly #nodes: Bytes[] = [];
  readonly #initializers: Bytes[] = [];
  readonly #inputs: Bytes[] = [];
  readonly #outputs: Bytes[] = [];

  /** A tensor that is part of the model. Returns its name, as `node` does. */
  constant(name: string, shape: readonly number[], values: Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>) {
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const type = values instanceof Float32Array ? FLOAT : INT64;
    const sizes = shape.map((n) => numberField(1, n));
    this.#initializers.push(join([...sizes, numberField(2, type), textField(8, name), bytesField(9, raw)]));
    return name;
  }

  /** An operation of opset 17, after those that make its inputs. */
  node(
    op: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): string {
    this.#nodes.push(
      join([
        ...inputs.map((input) => textField(1, input)),
        textField(2, output),
        textField(3, output),
        textField(4, op),
        ...Object.entries(attributes).map(([name, value]) => bytesField(5, attribute(name, value))),
      ]),
    );
    return output;
  }

  /** A tensor that each call gives. A size that is a name is any, the same wherever it stands. */
  input(name: string, shape: readonly (number | string)[], type: 'f32' | 'i32' = 'f32'): void {
    this.#inputs.push(valueInfo(name, shape, type === 'f32' ? FLOAT : INT32));
  }

  /** An f32 tensor that each call gets; a node makes it. */
  output(name: string, shape: readonly (number | string)[]): void {
    this.#outputs.push(valueInfo(name, shape, FLOAT));
  }

  encode(): Bytes {
    const graph = join([
      ...this.#nodes.map((each) => bytesField(1, each)),
      textField(2, 'lockstep'),
      ...this.#initializers.map((each) => bytesField(5, each)),
      ...this.#inputs.map((each) => bytesField(11, each)),
      ...this.#outputs.map((each) => bytesField(12, each)),
    ]);
    return join([numberField(1, IR_VERSION), bytesField(7, graph), bytesField(8, numberField(2, OPSET))]);
  }
}

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

const numberField = (field: number, value: number) => join([varint(field * 8), varint(value)]);
const bytesField = (field: number, value: Bytes) => join([varint(field * 8 + 2), varint(value.length), value]);
const realField = (field: number, value: number) =>
  join([varint(field * 8 + 5), new Uint8Array(Float32Array.of(value).buffer)]);
const textField = (field: number, value: string) => bytesField(field, new TextEncoder().encode(value));

function attribute(name: string, value: OnnxAttribute): Bytes {
  if (typeof value === 'number')
    return join([textField(1, name), numberField(3, value), numberField(20, ATTRIBUTE_INT)]);
  if ('real' in value) return join([textField(1, name), realField(2, value.real), numberField(20, ATTRIBUTE_FLOAT)]);
  return join([textField(1, name), ...value.map((each) => numberField(8, each)), numberField(20, ATTRIBUTE_INTS)]);
}

function valueInfo(name: string, shape: readonly (number | string)[], element: number): Bytes {
  const sizes = shape.map((n) => (typeof n === 'number' ? numberField(1, n) : textField(2, n)));
  const dimensions = join(sizes.map((size) => bytesField(1, size)));
  const type = join([numberField(1, element), bytesField(2, dimensions)]);
  return join([textField(1, name), bytesField(2, bytesField(1, type))]);
}
