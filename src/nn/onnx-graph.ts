/**
 * An ONNX model, written node by node. The protobuf of a small model is short enough to be written by hand; fields go by their numbers in
 * onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
 */

const OPSET = 17;
const IR_VERSION = 8;
const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE_INT = 2;

type Bytes = Uint8Array<ArrayBuffer>;

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
  node(op: string, inputs: readonly string[], output: string, attributes: Readonly<Record<string, number>> = {}) {
    const attribute = ([name, value]: [string, number]) =>
      bytesField(5, join([textField(1, name), numberField(3, value), numberField(20, ATTRIBUTE_INT)]));
    this.#nodes.push(
      join([
        ...inputs.map((input) => textField(1, input)),
        textField(2, output),
        textField(3, output),
        textField(4, op),
        ...Object.entries(attributes).map(attribute),
      ]),
    );
    return output;
  }

  /** An f32 tensor that each call gives. A size that is a name is any, the same wherever it stands. */
  input(name: string, shape: readonly (number | string)[]): void {
    this.#inputs.push(valueInfo(name, shape));
  }

  /** An f32 tensor that each call gets; a node makes it. */
  output(name: string, shape: readonly (number | string)[]): void {
    this.#outputs.push(valueInfo(name, shape));
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
const textField = (field: number, value: string) => bytesField(field, new TextEncoder().encode(value));

function valueInfo(name: string, shape: readonly (number | string)[]): Bytes {
  const sizes = shape.map((n) => (typeof n === 'number' ? numberField(1, n) : textField(2, n)));
  const dimensions = join(sizes.map((size) => bytesField(1, size)));
  const type = join([numberField(1, FLOAT), bytesField(2, dimensions)]);
  return join([textField(1, name), bytesField(2, bytesField(1, type))]);
}
