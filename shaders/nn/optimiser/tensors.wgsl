// The tensors of a network in its flat vector of weights, and the working copies of them: what the network's own kernels read.
//
// Weights   of a tensor [rows][columns], rows filled with zeros to a multiple of 4. A thread has a block of 4 x 4.
// Copies    as it is, transposed ([columns][rows], rows filled to a multiple of 4), both or neither; in f32, in halves or in bfloats, two a word.
// Bindings  13 tensors, in the order of their blocks; 14 working: all copies, places counted in vec2u.
// Caller    one thread a block, BLOCKS in all; rows of the block beyond the tensor's last are zero.
// Twin      src/nn/optimiser/tensor-table.ts (workingCopies).

struct Tensor {
  /// Number of its first block.
  first: u32,
  /// Place in the flat vector and length of a row, in vec4f.
  at: u32,
  stride: u32,
  rows: u32,
  columns: u32,
  /// Places of its copies; ABSENT where there is none.
  plain: u32,
  transposed: u32,
  storage: u32,
}

/// A thread's part of a tensor: rows 4 row … 4 row + count - 1, columns from 4 column on.
struct Block {
  tensor: Tensor,
  row: u32,
  column: u32,
  count: u32,
}

@group(0) @binding(13) var<storage, read> tensors: array<Tensor>;
@group(0) @binding(14) var<storage, read_write> working: array<vec2u>;

const ABSENT = 0xffffffffu;
const F32 = 0u;
const F16 = 1u;
/// The largest finite half.
const LARGEST_HALF = 65504.0;

fn block_at(number: u32) -> Block {
  var low = 0u;
  var high = arrayLength(&tensors);
  while (high - low > 1u) {
    let middle = (low + high) / 2u;
    if (tensors[middle].first <= number) { low = middle; } else { high = middle; }
  }
  let tensor = tensors[low];
  let row = (number - tensor.first) / tensor.stride;
  return Block(tensor, row, (number - tensor.first) % tensor.stride, min(4u, tensor.rows - 4u * row));
}

/// Place of the four weights of row r of a block in the flat vector, in vec4f.
fn place_of(block: Block, r: u32) -> u32 {
  return block.tensor.at + (4u * block.row + r) * block.tensor.stride + block.column;
}

fn halves(v: vec4f) -> vec2u {
  let bounded = clamp(v, vec4f(-LARGEST_HALF), vec4f(LARGEST_HALF));
  return vec2u(pack2x16float(bounded.xy), pack2x16float(bounded.zw));
}

/// The upper half of a float's bits, rounded to nearest, ties to even; NaN stays one.
fn bfloat(x: f32) -> u32 {
  let word = bitcast<u32>(x);
  if ((word & 0x7fffffffu) > 0x7f800000u) { return (word >> 16u) | 0x40u; }
  return (word + 0x7fffu + ((word >> 16u) & 1u)) >> 16u;
}

fn bfloats(v: vec4f) -> vec2u {
  return vec2u(bfloat(v.x) | (bfloat(v.y) << 16u), bfloat(v.z) | (bfloat(v.w) << 16u));
}

/// Writes the `at`-th four numbers of a copy.
fn put(place: u32, at: u32, storage: u32, v: vec4f) {
  if (storage == F32) {
    working[place + 2u * at] = bitcast<vec2u>(v.xy);
    working[place + 2u * at + 1u] = bitcast<vec2u>(v.zw);
  } else if (storage == F16) {
    working[place + at] = halves(v);
  } else {
    working[place + at] = bfloats(v);
  }
}

fn write_copies(block: Block, weights: ptr<function, array<vec4f, 4>>) {
  let tensor = block.tensor;
  if (tensor.plain != ABSENT) {
    for (var r = 0u; r < block.count; r++) {
      put(tensor.plain, (4u * block.row + r) * tensor.stride + block.column, tensor.storage, (*weights)[r]);
    }
  }
  if (tensor.transposed != ABSENT) {
    let stride = (tensor.rows + 3u) / 4u;
    for (var c = 0u; c < min(4u, tensor.columns - 4u * block.column); c++) {
      let down = vec4f((*weights)[0][c], (*weights)[1][c], (*weights)[2][c], (*weights)[3][c]);
      put(tensor.transposed, (4u * block.column + c) * stride + block.row, tensor.storage, down);
    }
  }
}
